/** Ctrl-K: places to go and everything that may be found, by keyboard. */

import { behaviour } from "./behave";
import { fragment } from "./http";

const PAUSE = 120;

class Palette {
  private readonly input: HTMLInputElement;
  private readonly hits: HTMLElement;
  private readonly places: HTMLElement[];
  private timer = 0;
  private request: AbortController | null = null;
  private at = 0;

  constructor(private readonly dialog: HTMLDialogElement) {
    this.input = dialog.querySelector("input") as HTMLInputElement;
    this.hits = dialog.querySelector(".hits") as HTMLElement;
    this.places = [...(dialog.querySelector("template")?.content.children ?? [])] as HTMLElement[];
    this.input.addEventListener("input", () => this.typed());
    this.input.addEventListener("keydown", (event) => this.pressed(event));
    new MutationObserver(() => dialog.open && this.opened()).observe(dialog, { attributeFilter: ["open"] });
  }

  private opened(): void {
    this.input.select();
    this.typed();
  }

  private typed(): void {
    const text = this.input.value.trim();
    this.show(text, "");
    window.clearTimeout(this.timer);
    this.request?.abort();
    if (text.length >= 2 && this.dialog.dataset["search"]) this.timer = window.setTimeout(() => void this.find(text), PAUSE);
  }

  private async find(text: string): Promise<void> {
    this.request = new AbortController();
    try {
      const url = `${this.dialog.dataset["search"]}?q=${encodeURIComponent(text)}`;
      this.show(text, await fragment(url, this.request.signal), true);
    } catch (error) {
      if ((error as Error).name !== "AbortError") this.show(text, "");
    }
  }

  /** Places whose name fits, then what the portal found. */
  private show(text: string, found: string, answered = false): void {
    const fitting = this.places.filter((place) => (place.textContent ?? "").toLowerCase().includes(text.toLowerCase()));
    this.hits.innerHTML = found;
    if (fitting.length) {
      const label = Object.assign(document.createElement("div"), { className: "label", textContent: this.dialog.dataset["go"] ?? "" });
      const copies = fitting.map((place) => place.cloneNode(true));
      if (text) this.hits.append(label, ...copies);
      else this.hits.replaceChildren(label, ...copies);
    }
    if (answered && !this.options().length) this.hits.textContent = this.dialog.dataset["none"] ?? "";
    this.options().forEach((option, index) => (option.id = `hit-${index}`));
    this.mark(0);
  }

  private options(): HTMLElement[] {
    return [...this.hits.querySelectorAll<HTMLElement>("[role=option]")];
  }

  private mark(index: number): void {
    const options = this.options();
    this.at = options.length ? (index + options.length) % options.length : 0;
    options.forEach((option, position) => option.setAttribute("aria-selected", String(position === this.at)));
    const chosen = options[this.at];
    chosen?.scrollIntoView({ block: "nearest" });
    if (chosen) this.input.setAttribute("aria-activedescendant", chosen.id);
    else this.input.removeAttribute("aria-activedescendant");
  }

  private pressed(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) this.mark(this.at + step);
    else if (event.key === "Enter") this.options()[this.at]?.click();
    else return;
    event.preventDefault();
  }
}

behaviour("[data-palette]", (dialog) => void new Palette(dialog as HTMLDialogElement));

document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey)) return;
  const dialog = document.querySelector<HTMLDialogElement>("[data-palette]");
  if (!dialog) return;
  event.preventDefault();
  if (dialog.open) dialog.close();
  else dialog.showModal();
});
