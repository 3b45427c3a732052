/** A room on the page: hears its topic, shows what arrives, notes what was read, acts on single messages. */

import { behaviour } from "./behave";
import { fragment, post, sentenceOf } from "./http";
import { Composer } from "./room-composer";
import { isMine, Log, numberOf } from "./room-log";
import { type Frame, join, leave, on, send } from "./socket";
import { toast } from "./toast";

const READING = 600; // milliseconds at the end of the log after which it counts as read
const FADES = 4000; // milliseconds after which "is writing" goes
let sought = ""; // the linked message that was looked for further back: once, as it may not exist

class RoomSheet {
  private readonly topic: string;
  private readonly url: string;
  private readonly log: Log;
  private readonly composer: Composer | null;
  private readonly stops: (() => void)[];
  private last: number;
  private read: number;
  private readTimer = 0;
  private typingTimer = 0;

  constructor(private readonly sheet: HTMLElement) {
    this.topic = sheet.dataset["topic"] ?? "";
    this.url = sheet.dataset["url"] ?? "";
    this.last = Number(sheet.dataset["last"]);
    this.read = Number(sheet.dataset["read"]);
    this.log = new Log(sheet.querySelector<HTMLElement>("[data-log]")!, sheet.dataset);
    const form = sheet.querySelector<HTMLFormElement>("[data-composer]");
    this.composer = form ? new Composer(form, sheet, this.log) : null;
    const hear = (type: string, act: (frame: Frame) => void): (() => void) =>
      on(type, (frame) => {
        if (!this.sheet.isConnected) this.close();
        else if (frame["topic"] === this.topic || type === "hello") act(frame);
      });
    this.stops = [
      hear("message", (frame) => this.message(frame)),
      hear("edited", ({ html, id }) => this.log.replace(String(html), Number(id))),
      hear("typing", ({ name }) => this.typing(String(name))),
      hear("presence", ({ count }) => this.here(Number(count))),
      hear("joined", ({ behind }) => behind && void this.reload()),
      hear("read", ({ id }) => (this.read = Math.max(this.read, Number(id)))),
      hear("cut", ({ reason }) => this.cut(String(reason))),
      hear("hello", () => this.composer?.outbox.retry()),
    ];
    if (!("past" in sheet.dataset)) join(this.topic, this.last);
    this.log.element.addEventListener("scroll", () => this.noteReading(), { passive: true });
    document.addEventListener("visibilitychange", () => this.noteReading());
    sheet.addEventListener("click", (event) => this.clicked(event));
    sheet.addEventListener("submit", (event) => this.submitted(event));
    for (const type of ["pointerover", "focusin", "click"]) sheet.addEventListener(type, (event) => this.offerTools(event));
    this.start();
  }

  /** Shows the linked message, else what is new, else the end. */
  private start(): void {
    const linked = /^#m-(\d+)$/.exec(location.hash)?.[1];
    const target = linked ? this.log.message(Number(linked)) : this.sheet.querySelector("#new");
    if (linked && !target && sought !== linked) void this.reload((sought = linked));
    else if (target) this.log.show(target);
    else this.log.toEnd();
    if (linked && target) target.classList.add("is-new");
    this.noteReading();
  }

  private close(): void {
    this.stops.forEach((stop) => stop());
    const elsewhere = document.querySelector(`[data-topic="${CSS.escape(this.topic)}"]`);
    if (!elsewhere) leave(this.topic);
  }

  private message({ id, html, client_id }: Frame): void {
    const number = Number(id);
    if (number <= this.last && this.log.message(number)) return;
    this.last = Math.max(this.last, number);
    if (client_id) this.composer?.outbox.arrived(client_id);
    this.log.insert(String(html), number);
    this.typing("");
    this.noteReading();
  }

  private noteReading(): void {
    window.clearTimeout(this.readTimer);
    if (document.hidden || this.last <= this.read || !this.log.atEnd) return;
    this.readTimer = window.setTimeout(() => {
      this.read = this.last;
      void post(`${this.url}read/`, new URLSearchParams({ seq: String(this.last) })).catch(() => (this.read = 0));
    }, READING);
  }

  private typing(name: string): void {
    const place = this.sheet.querySelector<HTMLElement>("[data-typing]")!;
    place.textContent = name && (this.sheet.dataset["wordsTyping"] ?? "").replace("{name}", name);
    window.clearTimeout(this.typingTimer);
    this.typingTimer = window.setTimeout(() => (place.textContent = ""), FADES);
  }

  private here(count: number): void {
    const place = this.sheet.querySelector<HTMLElement>("[data-here]");
    if (!place) return;
    place.hidden = count < 2;
    place.textContent = count > 1 ? (this.sheet.dataset["wordsHere"] ?? "").replace("{n}", String(count)) : "";
  }

  private cut(reason: string): void {
    this.stops.forEach((stop) => stop());
    const note = Object.assign(document.createElement("p"), { className: "write dim", textContent: reason });
    this.sheet.querySelector(".write")?.replaceWith(note);
  }

  /** Reads the sheet anew: after a long absence, or around a linked message. */
  private async reload(at = ""): Promise<void> {
    const page = await fragment(`${this.url}sheet/?${"beside" in this.sheet.dataset ? "beside&" : ""}at=${at}`).catch(() => "");
    if (!page.includes("data-topic")) return;
    this.close();
    this.sheet.outerHTML = page;
  }

  private offerTools(event: Event): void {
    const say = (event.target as Element).closest<HTMLElement>(".say:not(.waiting, .deleted)");
    const template = this.sheet.querySelector<HTMLTemplateElement>("[data-tools]");
    if (!say || !template || say.querySelector(".tools")) return;
    this.sheet.querySelectorAll(".say > .tools").forEach((tools) => tools.remove());
    say.append(template.content.cloneNode(true));
    if (!isMine(say)) say.querySelectorAll(".tools [data-own]").forEach((button) => button.remove());
  }

  private clicked(event: Event): void {
    const button = (event.target as Element).closest<HTMLElement>("[data-react], [data-do]");
    const say = button?.closest<HTMLElement>(".say");
    if (!button || !say) return;
    const { react, do: act } = button.dataset;
    if (react) void this.change(say, "react", new URLSearchParams({ sign: react }));
    else if (act === "reply") this.composer?.reply(say);
    else if (act === "edit") this.composer?.edit(say);
    else if (act === "link") void navigator.clipboard?.writeText(`${location.origin}${this.url}?at=${numberOf(say)}#m-${numberOf(say)}`).then(() => toast({ text: this.sheet.dataset["wordsCopied"] ?? "" }));
  }

  /** Deleting is a form, so that the page asks first. */
  private submitted(event: SubmitEvent): void {
    const say = (event.target as Element).closest<HTMLElement>(".say");
    if (!say || !(event.target as Element).matches("[data-delete]")) return;
    event.preventDefault();
    void this.change(say, "delete");
  }

  private async change(say: HTMLElement, what: string, body = new URLSearchParams()): Promise<void> {
    const response = await post(`${this.url}m/${numberOf(say)}/${what}/`, body).catch(() => null);
    const text = (await response?.text()) ?? "";
    if (response?.ok) this.log.replace((JSON.parse(text) as { html: string }).html, numberOf(say));
    else toast({ text: sentenceOf(text, response?.headers.get("Content-Type") ?? null) || (this.sheet.dataset["wordsFailed"] ?? ""), tone: "bad" });
  }
}

behaviour("[data-topic]", (sheet) => void new RoomSheet(sheet));
behaviour("[data-rooms]", () => {
  on("hello", () => void send({ do: "join", topic: "rooms" }));
  send({ do: "join", topic: "rooms" });
});
