/** Boards: cards move by dragging or by Shift and an arrow; a refusal puts the card back and says why. */

import { behaviour } from "./behave";
import { post, sentenceOf } from "./http";
import { offline, toast } from "./toast";

const START = 6; // pixels before a press becomes a drag, so that clicks stay clicks

class Board {
  constructor(private readonly root: HTMLElement) {
    root.addEventListener("pointerdown", (event) => this.press(event));
    root.addEventListener("keydown", (event) => this.key(event));
  }

  private columns(): HTMLElement[] {
    return [...this.root.querySelectorAll<HTMLElement>("[data-stage]")];
  }

  private press(event: PointerEvent): void {
    const card = (event.target as Element).closest<HTMLElement>("[data-move-url]");
    if (!card || event.button !== 0 || event.pointerType === "touch") return;
    const { clientX: x, clientY: y } = event;
    const stop = new AbortController();
    const move = (now: PointerEvent): void => {
      if (!card.classList.contains("lifted") && Math.hypot(now.clientX - x, now.clientY - y) < START) return;
      card.classList.add("lifted");
      card.style.translate = `${now.clientX - x}px ${now.clientY - y}px`;
      this.hover(this.under(now, card));
    };
    const end = (now: PointerEvent): void => {
      stop.abort();
      const column = card.classList.contains("lifted") && now.type === "pointerup" ? this.under(now, card) : null;
      if (card.classList.contains("lifted")) window.addEventListener("click", (click) => click.preventDefault(), { capture: true, once: true });
      card.classList.remove("lifted");
      card.style.translate = "";
      this.hover(null);
      if (column) void this.drop(card, column);
    };
    document.addEventListener("pointermove", move, { signal: stop.signal });
    document.addEventListener("pointerup", end, { signal: stop.signal });
    document.addEventListener("pointercancel", end, { signal: stop.signal });
    card.addEventListener("dragstart", (drag) => drag.preventDefault(), { signal: stop.signal });
  }

  private under(event: PointerEvent, card: HTMLElement): HTMLElement | null {
    const hit = document.elementsFromPoint(event.clientX, event.clientY).find((element) => !card.contains(element));
    return hit?.closest<HTMLElement>("[data-stage]") ?? null;
  }

  private hover(column: HTMLElement | null): void {
    for (const other of this.columns()) other.classList.toggle("over", other === column);
  }

  private key(event: KeyboardEvent): void {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const card = (event.target as Element).closest<HTMLElement>("[data-move-url]");
    if (!step || !card || !event.shiftKey) return;
    event.preventDefault();
    const columns = this.columns();
    const column = columns[columns.indexOf(card.closest("[data-stage]") as HTMLElement) + step];
    if (column) void this.drop(card, column);
  }

  private async drop(card: HTMLElement, column: HTMLElement): Promise<void> {
    const [from, next] = [card.parentElement, card.nextElementSibling];
    if (!from || card.closest("[data-stage]") === column) return;
    (column.querySelector("[data-cards]") ?? column).append(card);
    (card.querySelector<HTMLElement>("a") ?? card).focus();
    const back = (): void => void from.insertBefore(card, next);
    try {
      const response = await post(card.dataset["moveUrl"] ?? "", new URLSearchParams({ stage: column.dataset["stage"] ?? "" }));
      if (response.ok) return;
      back();
      const sentence = sentenceOf(await response.text(), response.headers.get("Content-Type"));
      if (sentence) toast({ text: sentence, tone: "bad" });
      else offline();
    } catch {
      back();
      offline();
    }
  }
}

behaviour("[data-board]", (root) => void new Board(root));
