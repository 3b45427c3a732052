/** Boards: cards move by dragging (mouse, pen, a held finger) or by keys; the card goes at once, a refusal puts it back
    and says why, and what was done can be undone. */

import { behaviour } from "./behave";
import { BoardDrag } from "./board-drag";
import { post, sentenceOf } from "./http";
import { offline, toast } from "./toast";

class Board {
  private held: HTMLElement | null = null; // the card that M lifted

  constructor(private readonly root: HTMLElement) {
    new BoardDrag(root, (card, column) => void this.drop(card, column));
    root.addEventListener("keydown", (event) => this.key(event));
  }

  private columns(near: Element): HTMLElement[] {
    const row = near.closest(".lane") ?? this.root;
    return [...row.querySelectorAll<HTMLElement>("[data-stage]")];
  }

  private cards(column: Element | undefined): HTMLElement[] {
    return column ? [...column.querySelectorAll<HTMLElement>("[data-card]")] : [];
  }

  private key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const card = (event.target as Element).closest<HTMLElement>("[data-card]");
    if (!card) {
      if (event.key.startsWith("Arrow") && event.target === this.root) this.enter(event);
      return;
    }
    const across = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const along = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key.toLowerCase() === "m" || (this.held && event.key === "Escape")) this.lift(card, event.key !== "Escape");
    else if (this.held && event.key === "Enter") this.lift(card, false);
    else if (across && (event.shiftKey || this.held === card)) this.shift(card, across);
    else if (across) this.beside(card, across);
    else if (along) this.along(card, along);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  private enter(event: KeyboardEvent): void {
    const first = this.root.querySelector<HTMLElement>("[data-card] a");
    if (first) event.preventDefault();
    first?.focus();
  }

  private lift(card: HTMLElement, up: boolean): void {
    const lifted = up && this.held !== card && card.dataset["moveUrl"] !== undefined;
    this.held?.classList.remove("held");
    this.held = lifted ? card : null;
    card.classList.toggle("held", lifted);
    this.say(lifted ? (this.root.dataset["lifted"] ?? "") : "");
  }

  private shift(card: HTMLElement, step: number): void {
    const columns = this.columns(card);
    const column = columns[columns.indexOf(card.closest("[data-stage]") as HTMLElement) + step];
    if (column && card.dataset["moveUrl"]) void this.drop(card, column);
  }

  private beside(card: HTMLElement, step: number): void {
    const columns = this.columns(card);
    const at = columns.indexOf(card.closest("[data-stage]") as HTMLElement);
    const place = this.cards(columns[at]).indexOf(card);
    for (let next = at + step; next >= 0 && next < columns.length; next += step) {
      const cards = this.cards(columns[next]);
      const found = cards[Math.min(place, cards.length - 1)];
      if (found) return this.focus(found);
    }
  }

  private along(card: HTMLElement, step: number): void {
    const cards = this.cards(card.closest("[data-stage]") ?? undefined);
    const next = cards[cards.indexOf(card) + step];
    if (next) this.focus(next);
  }

  private focus(card: HTMLElement): void {
    (card.querySelector<HTMLElement>("a") ?? card).focus();
    card.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  private say(text: string): void {
    const place = document.getElementById("board-said");
    if (place) place.textContent = text;
  }

  private count(column: Element | null, step: number): void {
    const place = column?.querySelector<HTMLElement>("[data-count-of]");
    if (place) place.textContent = String(Math.max(0, Number(place.textContent) + step));
  }

  private place(card: HTMLElement, column: HTMLElement): void {
    const list = column.querySelector("[data-cards]") ?? column;
    const more = list.querySelector(":scope > .more-cards");
    this.count(card.closest("[data-stage]"), -1);
    list.insertBefore(card, more);
    this.count(column, 1);
  }

  private async drop(card: HTMLElement, column: HTMLElement): Promise<void> {
    const [from, next, old] = [card.parentElement, card.nextElementSibling, card.closest<HTMLElement>("[data-stage]")];
    if (!from || !old || old === column) return;
    this.place(card, column);
    this.focus(card);
    const back = (): void => {
      this.place(card, old);
      if (next?.parentElement === from) from.insertBefore(card, next);
      this.focus(card);
    };
    try {
      const url = card.dataset["moveUrl"] ?? "";
      const response = await post(url, new URLSearchParams({ stage: column.dataset["stage"] ?? "" }));
      if (response.ok) return this.moved(url, (await response.json()) as { said: string; back: string });
      back();
      const sentence = sentenceOf(await response.text(), response.headers.get("Content-Type"));
      this.say(sentence);
      if (sentence) toast({ text: sentence, tone: "bad" });
      else offline();
    } catch {
      back();
      offline();
    }
  }

  private moved(url: string, { said, back }: { said: string; back: string }): void {
    this.say(said);
    toast({ text: said, undo: back ? `${url}?stage=${encodeURIComponent(back)}` : null });
  }
}

behaviour("[data-board]", (root) => void new Board(root));
