/**
 * A look-up: <input data-options-url="…"> asks for {"options": [{value, label, note, fill}]} and fills what it chose.
 * data-options-with="name other" sends along what these fields of its form say now.
 */

import { behaviour } from "./behave";

interface Option {
  value: string;
  label: string;
  note?: string;
  fill?: Record<string, string>;
}

const PAUSE = 150;
let made = 0;

class Combobox {
  private readonly list = document.createElement("ul");
  private readonly hidden: HTMLInputElement | null;
  private options: Option[] = [];
  private at = -1;
  private timer = 0;
  private request: AbortController | null = null;

  constructor(private readonly input: HTMLInputElement) {
    const frame = document.createElement("div");
    frame.className = "combobox";
    input.replaceWith(frame);
    frame.append(input, this.list);
    this.hidden = input.dataset["valueIn"] ? this.sibling(input.dataset["valueIn"]) : null;
    Object.assign(this.list, { id: `options-${++made}`, role: "listbox", hidden: true });
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", input.labels?.[0]?.textContent?.trim() ?? input.getAttribute("aria-label") ?? "");
    for (const [name, value] of Object.entries({ role: "combobox", "aria-expanded": "false", "aria-autocomplete": "list", "aria-controls": this.list.id, autocomplete: "off" })) {
      input.setAttribute(name, value);
    }
    input.addEventListener("input", () => this.typed());
    input.addEventListener("focus", () => !input.value && this.typed());
    input.addEventListener("keydown", (event) => this.pressed(event));
    input.addEventListener("blur", () => this.close());
    this.list.addEventListener("pointerdown", (event) => this.pointed(event));
  }

  /** A field of the same form, or of the same line of a formset. */
  private sibling(name: string): HTMLInputElement | null {
    const line = this.input.name.match(/^(.+-\d+-)/)?.[1] ?? "";
    const field = this.input.form?.elements.namedItem(`${line}${name}`) ?? this.input.form?.elements.namedItem(name);
    return field instanceof HTMLElement ? (field as HTMLInputElement) : null;
  }

  private typed(): void {
    if (this.hidden) this.hidden.value = "";
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.ask(), PAUSE);
  }

  private async ask(): Promise<void> {
    this.request?.abort();
    this.request = new AbortController();
    const url = new URL(this.input.dataset["optionsUrl"] ?? "", location.href);
    url.searchParams.set("q", this.input.value.trim());
    for (const name of (this.input.dataset["optionsWith"] ?? "").split(" ").filter(Boolean)) {
      const field = this.input.form?.elements.namedItem(name);
      if (field instanceof HTMLInputElement || field instanceof HTMLSelectElement) url.searchParams.set(name, field.value);
    }
    try {
      const response = await fetch(url, { signal: this.request.signal, headers: { Accept: "application/json" } });
      this.options = response.ok ? ((await response.json()) as { options: Option[] }).options : [];
    } catch {
      return;
    }
    if (document.activeElement === this.input) this.show();
  }

  private show(): void {
    this.list.replaceChildren(
      ...this.options.map((option, index) => {
        const item = Object.assign(document.createElement("li"), { id: `${this.list.id}-${index}`, textContent: option.label });
        item.setAttribute("role", "option");
        if (option.note) item.append(Object.assign(document.createElement("small"), { textContent: option.note }));
        return item;
      }),
    );
    this.list.hidden = !this.options.length;
    this.input.setAttribute("aria-expanded", String(!this.list.hidden));
    this.mark(-1);
  }

  private mark(index: number): void {
    this.at = this.options.length && index >= 0 ? index % this.options.length : index < -1 ? this.options.length - 1 : -1;
    [...this.list.children].forEach((item, position) => item.setAttribute("aria-selected", String(position === this.at)));
    this.input.setAttribute("aria-activedescendant", this.at < 0 ? "" : `${this.list.id}-${this.at}`);
    this.list.children[this.at]?.scrollIntoView({ block: "nearest" });
  }

  private pressed(event: KeyboardEvent): void {
    if (event.key === "Escape" && !this.list.hidden) event.stopPropagation();
    if (event.key === "Escape") return this.close();
    if (event.key === "ArrowDown" && this.list.hidden) return void this.ask();
    if (this.list.hidden) return;
    if (event.key === "ArrowDown") this.mark(this.at + 1);
    else if (event.key === "ArrowUp") this.mark(this.at < 1 ? this.options.length - 1 : this.at - 1);
    else if (event.key === "Enter" && this.at >= 0) this.choose(this.at);
    else return;
    event.preventDefault();
  }

  private pointed(event: PointerEvent): void {
    const item = (event.target as Element).closest("li");
    if (!item) return;
    event.preventDefault();
    this.choose([...this.list.children].indexOf(item));
  }

  private choose(index: number): void {
    const option = this.options[index];
    if (!option) return;
    this.input.value = option.label;
    if (this.hidden) this.hidden.value = option.value;
    for (const [name, value] of Object.entries(option.fill ?? {})) {
      const field = this.sibling(name);
      if (field) field.value = value;
    }
    this.close();
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  private close(): void {
    window.clearTimeout(this.timer);
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.setAttribute("aria-activedescendant", "");
  }
}

behaviour("input[data-options-url]", (input) => void new Combobox(input as HTMLInputElement));
