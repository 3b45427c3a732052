/** How the message will look: rendered by the server, as everybody will see it. */

import { post, sentenceOf } from "./http";
import { parse } from "./room-lines";

export class Preview {
  private readonly button: HTMLButtonElement | null;
  private readonly shown: HTMLElement;

  constructor(
    form: HTMLFormElement,
    private readonly box: HTMLTextAreaElement,
    private readonly url: string,
    private readonly refuse: (sentence: string) => void,
  ) {
    this.button = form.querySelector("[data-do-preview]");
    this.shown = form.querySelector<HTMLElement>("[data-shown]")!;
    this.button?.addEventListener("click", () => void (this.shown.hidden ? this.show() : this.hide(true)));
    this.shown.addEventListener("keydown", ({ key }) => (key === "Escape" || key.length === 1) && this.hide(true));
    this.shown.addEventListener("click", (event) => (event.target as Element).closest("a") ?? this.hide(true));
  }

  /** Back to writing. */
  hide(focus = false): void {
    if (this.shown.hidden) return;
    this.shown.hidden = true;
    this.box.hidden = false;
    this.button?.setAttribute("aria-pressed", "false");
    if (focus) this.box.focus();
  }

  private async show(): Promise<void> {
    if (!this.box.value.trim()) return this.box.focus();
    const response = await post(this.url, new URLSearchParams({ body: this.box.value })).catch(() => null);
    const text = (await response?.text()) ?? "";
    if (!response?.ok) return this.refuse(sentenceOf(text, response?.headers.get("Content-Type") ?? null));
    this.shown.firstElementChild!.replaceChildren(parse((JSON.parse(text) as { html: string }).html));
    this.shown.hidden = false;
    this.box.hidden = true;
    this.button?.setAttribute("aria-pressed", "true");
    this.shown.focus();
  }
}
