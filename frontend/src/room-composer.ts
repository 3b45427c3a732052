/** The writing box of a room: draft, files, answering, editing one's last message, keys. */

import { post, sentenceOf } from "./http";
import { send } from "./socket";
import type { Log } from "./room-log";
import { numberOf } from "./room-log";
import { Mentions } from "./room-mentions";
import { Outbox } from "./room-outbox";

const TYPING = 2500;
const ENTER = "room.enter-sends";

export class Composer {
  readonly outbox: Outbox;
  private readonly box: HTMLTextAreaElement;
  private readonly picker: HTMLInputElement;
  private readonly mentions: Mentions;
  private files: File[] = [];
  private replyTo = 0;
  private editing = 0;
  private typed = 0;

  constructor(
    private readonly form: HTMLFormElement,
    private readonly sheet: HTMLElement,
    private readonly log: Log,
  ) {
    this.box = form.querySelector("textarea")!;
    this.picker = form.querySelector<HTMLInputElement>("input[type=file]")!;
    this.outbox = new Outbox(log, form.action, sheet.dataset, (sentence, body) => this.refuse(sentence, String(body.get("body") ?? "")));
    this.mentions = new Mentions(this.box, this.part("names"), form.dataset["people"] ?? "");
    this.box.value = localStorage.getItem(this.draftKey) ?? this.box.value;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.submit();
    });
    this.box.addEventListener("input", () => this.changed());
    this.box.addEventListener("keydown", (event) => this.key(event));
    this.box.addEventListener("paste", (event) => this.take(event.clipboardData?.files, event));
    this.picker.addEventListener("change", () => this.take(this.picker.files));
    form.querySelector("[data-unreply]")?.addEventListener("click", () => this.reply(null));
    this.acceptDrops();
    this.rememberEnter();
  }

  /** Answers a message; null takes the answer back. */
  reply(message: HTMLElement | null): void {
    const bar = this.part("replying");
    this.replyTo = message ? numberOf(message) : 0;
    bar.hidden = !message;
    const words = message?.querySelector<HTMLElement>("[data-body]")?.dataset["body"] ?? "";
    bar.querySelector("span")!.textContent = message ? `${message.querySelector("b")?.textContent ?? ""}: ${words.slice(0, 80)}` : "";
    if (message) this.box.focus();
  }

  /** Puts a message of one's own into the box, to be changed. */
  edit(message: HTMLElement): void {
    this.editing = numberOf(message);
    this.box.value = message.querySelector<HTMLElement>("[data-body]")?.dataset["body"] ?? "";
    this.form.classList.add("editing");
    this.box.focus();
  }

  private get draftKey(): string {
    return `draft.${document.body.dataset["member"]}.${this.sheet.dataset["topic"]}`;
  }

  private part(name: string): HTMLElement {
    return this.form.querySelector<HTMLElement>(`[data-${name}]`)!;
  }

  private changed(): void {
    this.part("refusal").hidden = true;
    if (this.editing) return;
    if (this.box.value) localStorage.setItem(this.draftKey, this.box.value);
    else localStorage.removeItem(this.draftKey);
    if (this.box.value && Date.now() - this.typed > TYPING && send({ do: "typing", topic: this.sheet.dataset["topic"] })) this.typed = Date.now();
  }

  private key(event: KeyboardEvent): void {
    if (event.isComposing || this.mentions.key(event)) return;
    const enterSends = localStorage.getItem(ENTER) === "yes" && !event.shiftKey;
    const last = event.key === "ArrowUp" && !this.box.value ? this.log.lastOwn() : null;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey || enterSends)) this.form.requestSubmit();
    else if (last) this.edit(last);
    else if (event.key === "Escape" && (this.editing || this.replyTo)) this.clear();
    else return;
    event.preventDefault();
  }

  private async submit(): Promise<void> {
    const body = new FormData();
    body.set("body", this.box.value);
    if (!this.box.value.trim() && !this.files.length) return;
    if (this.editing) return this.saveEdit(body);
    if (this.replyTo) body.set("reply_to", String(this.replyTo));
    this.files.forEach((file) => body.append("files", file));
    this.clear();
    this.outbox.send(body);
  }

  private async saveEdit(body: FormData): Promise<void> {
    const id = this.editing;
    const response = await post(`${this.sheet.dataset["url"]}m/${id}/edit/`, body).catch(() => null);
    if (!response?.ok) return this.refuse(response ? sentenceOf(await response.text(), response.headers.get("Content-Type")) : (this.sheet.dataset["wordsFailed"] ?? ""), this.box.value);
    this.log.replace(((await response.json()) as { html: string }).html, id);
    this.clear();
  }

  private refuse(sentence: string, body: string): void {
    const place = this.part("refusal");
    place.textContent = sentence;
    place.hidden = false;
    if (!this.box.value) this.box.value = body;
    if (!this.editing) localStorage.setItem(this.draftKey, this.box.value);
  }

  private clear(): void {
    this.box.value = "";
    this.editing = 0;
    this.files = [];
    this.form.classList.remove("editing");
    this.reply(null);
    this.showFiles();
    localStorage.removeItem(this.draftKey);
    this.part("refusal").hidden = true;
  }

  private take(files: FileList | null | undefined, event?: Event): void {
    if (!files?.length) return;
    event?.preventDefault();
    this.files.push(...files);
    this.picker.value = "";
    this.showFiles();
  }

  private showFiles(): void {
    const list = this.part("picked");
    list.hidden = !this.files.length;
    list.replaceChildren(
      ...this.files.map((file) => {
        const item = document.createElement("li");
        const away = Object.assign(document.createElement("button"), { type: "button", className: "icon-btn", textContent: "×", ariaLabel: `${this.sheet.dataset["wordsDrop"]}: ${file.name}` });
        away.addEventListener("click", () => ((this.files = this.files.filter((each) => each !== file)), this.showFiles()));
        item.append(file.name, away);
        return item;
      }),
    );
  }

  private acceptDrops(): void {
    const over = (event: DragEvent, on: boolean): void => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      this.sheet.classList.toggle("over", on);
    };
    this.sheet.addEventListener("dragover", (event) => over(event, true));
    this.sheet.addEventListener("dragleave", (event) => over(event, false));
    this.sheet.addEventListener("drop", (event) => {
      over(event, false);
      this.take(event.dataTransfer?.files, event);
    });
  }

  private rememberEnter(): void {
    const choice = this.form.querySelector<HTMLInputElement>("[data-enter]");
    if (!choice) return;
    choice.checked = localStorage.getItem(ENTER) === "yes";
    choice.addEventListener("change", () => localStorage.setItem(ENTER, choice.checked ? "yes" : "no"));
  }
}
