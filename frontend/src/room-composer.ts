/** The writing box of a room: what is written, answered or changed, its keys, and where it goes. */

import { post, sentenceOf } from "./http";
import { Complete } from "./room-complete";
import { draftOf, keepDraft } from "./room-drafts";
import { Files } from "./room-files";
import { continueList, format, formatKey, pasteLink } from "./room-format";
import { numberOf } from "./room-lines";
import type { Log } from "./room-log";
import { Outbox } from "./room-outbox";
import { Preview } from "./room-preview";
import type { Travel } from "./room-travel";
import { send } from "./socket";

const TYPING = 2500;
const ENTER = "room.enter-sends";
const FORMAT = "room.format";

export class Composer {
  readonly outbox: Outbox;
  private readonly box: HTMLTextAreaElement;
  private readonly complete: Complete;
  private readonly files: Files;
  private readonly preview: Preview;
  private readonly topic: string;
  private replyTo = 0;
  private editing: { id: number; before: string } | null = null;
  private typed = 0;

  constructor(
    private readonly form: HTMLFormElement,
    private readonly sheet: HTMLElement,
    private readonly log: Log,
    travel: Travel,
  ) {
    this.topic = sheet.dataset["topic"] ?? "";
    this.box = form.querySelector("textarea")!;
    this.box.value = draftOf(this.topic) || this.box.value;
    const refuse = (sentence: string): void => this.refuse(sentence);
    this.outbox = new Outbox(log, travel, form.action, sheet.dataset, (sentence, body) => this.takeBack(sentence, body));
    this.complete = new Complete(this.box, this.part("names"), form.dataset);
    this.files = new Files(sheet, this.part("picked"), form.querySelector<HTMLInputElement>("input[type=file]")!, refuse);
    this.preview = new Preview(form, this.box, form.dataset["preview"] ?? "", refuse);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.submit();
    });
    this.box.addEventListener("input", () => this.changed());
    this.box.addEventListener("keydown", (event) => this.key(event));
    this.box.addEventListener("paste", (event) => this.paste(event));
    form.querySelector("[data-unreply]")?.addEventListener("click", () => this.reply(null));
    form.querySelector("[data-unedit]")?.addEventListener("click", () => this.leaveEdit());
    this.offerFormat();
    this.rememberEnter();
  }

  /** Answers a message; null takes the answer back. */
  reply(message: HTMLElement | null): void {
    const bar = this.part("replying");
    this.replyTo = message ? numberOf(message) : 0;
    bar.hidden = !message;
    const words = message?.querySelector<HTMLElement>("[data-body]")?.dataset["body"] ?? "";
    bar.querySelector("span")!.textContent = message ? `${message.querySelector("b")?.textContent ?? ""}: ${words.slice(0, 80)}` : "";
    if (message) this.write();
  }

  /** Puts a message of one's own into the box, to be changed; what was being written waits. */
  edit(message: HTMLElement): void {
    this.editing = { id: numberOf(message), before: this.editing?.before ?? this.box.value };
    this.box.value = message.querySelector<HTMLElement>("[data-body]")?.dataset["body"] ?? "";
    this.showEditing();
    this.write();
  }

  private write(): void {
    this.preview.hide();
    this.box.focus();
  }

  private part(name: string): HTMLElement {
    return this.form.querySelector<HTMLElement>(`[data-${name}]`)!;
  }

  private showEditing(): void {
    this.part("editing").hidden = this.part("save").hidden = !this.editing;
    this.part("send").hidden = Boolean(this.editing);
    this.form.classList.toggle("editing", Boolean(this.editing));
  }

  private leaveEdit(): void {
    this.box.value = this.editing?.before ?? this.box.value;
    this.editing = null;
    this.showEditing();
    this.part("refusal").hidden = true;
    this.write();
  }

  private changed(): void {
    this.part("refusal").hidden = true;
    if (this.editing) return;
    keepDraft(this.topic, this.box.value);
    if (this.box.value && Date.now() - this.typed > TYPING && send({ do: "typing", topic: this.topic })) this.typed = Date.now();
  }

  private key(event: KeyboardEvent): void {
    if (event.isComposing || this.complete.key(event) || formatKey(this.box, event)) return;
    const { key, shiftKey } = event;
    const sends = event.ctrlKey || event.metaKey || (localStorage.getItem(ENTER) === "yes" && !shiftKey);
    const last = key === "ArrowUp" && !this.box.value ? this.log.lastOwn() : undefined;
    if (key === "Enter" && sends) this.form.requestSubmit();
    else if (key === "Enter" && !shiftKey && continueList(this.box)) this.typed = Date.now();
    else if (last) this.edit(last);
    else if (key === "Escape" && this.editing) this.leaveEdit();
    else if (key === "Escape" && this.replyTo) this.reply(null);
    else if (key === "Escape") this.log.element.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  private paste(event: ClipboardEvent): void {
    const taken = this.files.take(event.clipboardData?.files) || pasteLink(this.box, event.clipboardData?.getData("text/plain").trim() ?? "");
    if (taken) event.preventDefault();
  }

  private async submit(): Promise<void> {
    const text = this.box.value;
    if (!text.trim() && !this.files.chosen.length) return;
    if (this.editing) return this.saveEdit(this.editing.id, text);
    this.outbox.send(text, this.replyTo, this.files.chosen);
    this.box.value = "";
    this.files.clear();
    this.preview.hide();
    this.reply(null);
    this.changed();
    this.box.focus();
  }

  private async saveEdit(id: number, body: string): Promise<void> {
    const response = await post(`${this.sheet.dataset["url"]}m/${id}/edit/`, new URLSearchParams({ body })).catch(() => null);
    if (!response?.ok) return this.refuse(response ? sentenceOf(await response.text(), response.headers.get("Content-Type")) : (this.sheet.dataset["wordsFailed"] ?? ""));
    this.log.replace(((await response.json()) as { html: string }).html, id);
    if (this.editing?.id === id) this.leaveEdit();
  }

  private refuse(sentence: string): void {
    const place = this.part("refusal");
    place.textContent = sentence;
    place.hidden = !sentence;
  }

  /** A message that the portal refused comes back into the box, if nothing else is in it; says whether it did. */
  private takeBack(sentence: string, body: string): boolean {
    if (this.box.value || this.editing) return false;
    this.box.value = body;
    keepDraft(this.topic, body);
    this.refuse(sentence);
    return true;
  }

  private offerFormat(): void {
    const [bar, button] = [this.part("format"), this.part("do-format")];
    const show = (shown: boolean): void => {
      bar.hidden = !shown;
      button.setAttribute("aria-pressed", String(shown));
    };
    show(localStorage.getItem(FORMAT) === "yes");
    button.addEventListener("click", () => {
      localStorage.setItem(FORMAT, bar.hidden ? "yes" : "no");
      show(bar.hidden);
      this.write();
    });
    bar.addEventListener("click", (event) => {
      const mark = (event.target as Element).closest<HTMLElement>("[data-mark]")?.dataset["mark"];
      if (!mark) return;
      this.preview.hide();
      format(this.box, mark);
    });
  }

  private rememberEnter(): void {
    const choice = this.form.querySelector<HTMLInputElement>("[data-enter]");
    if (!choice) return;
    choice.checked = localStorage.getItem(ENTER) === "yes";
    choice.addEventListener("change", () => localStorage.setItem(ENTER, choice.checked ? "yes" : "no"));
  }
}
