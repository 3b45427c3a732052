/** A room on the page: hears its topic, shows what arrives, notes what was read, acts on single messages. */

import { behaviour } from "./behave";
import { post } from "./http";
import { Acts } from "./room-acts";
import { Composer } from "./room-composer";
import { Log } from "./room-log";
import { Travel } from "./room-travel";
import { type Frame, join, leave, on, send } from "./socket";

const READING = 600; // milliseconds at the end of the log after which it counts as read
const FADES = 4000; // milliseconds after which "is writing" goes

class RoomSheet {
  private readonly topic: string;
  private readonly url: string;
  private readonly log: Log;
  private readonly travel: Travel;
  private readonly composer: Composer | null;
  private readonly stops: (() => void)[];
  private read: number;
  private readTimer = 0;
  private typingTimer = 0;

  constructor(private readonly sheet: HTMLElement) {
    this.topic = sheet.dataset["topic"] ?? "";
    this.url = sheet.dataset["url"] ?? "";
    this.read = Number(sheet.dataset["read"]);
    this.log = new Log(sheet.querySelector<HTMLElement>("[data-log]")!, sheet.dataset, () => this.moved());
    this.travel = new Travel(this.log, sheet, this.url);
    const form = sheet.querySelector<HTMLFormElement>("[data-composer]");
    this.composer = form ? new Composer(form, sheet, this.log, this.travel) : null;
    new Acts(sheet, this.log, this.composer);
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
      hear("joined", ({ behind, last }) => behind && this.behind(Number(last))),
      hear("read", ({ id }) => (this.read = Math.max(this.read, Number(id)))),
      hear("cut", ({ reason }) => this.cut(String(reason))),
      hear("hello", () => (this.composer?.outbox.retry(), this.travel.again())),
    ];
    join(this.topic, this.log.known);
    document.addEventListener("visibilitychange", () => this.noteReading());
    void this.start();
  }

  /** Shows the linked message, else what is new, else the end. */
  private async start(): Promise<void> {
    const linked = /^#m-(\d+)$/.exec(location.hash)?.[1];
    const fresh = this.sheet.querySelector("#new");
    const asked = new URLSearchParams(location.search).get("day");
    if (linked && (await this.travel.message(Number(linked)))) this.log.element.focus({ preventScroll: true });
    else if (asked) await this.travel.day(asked);
    else if (fresh) this.log.place.show(fresh);
    else this.log.place.toEnd();
    this.moved();
  }

  private moved(): void {
    if (!this.travel) return; // while the log is being made
    this.travel.update();
    this.noteReading();
  }

  private close(): void {
    this.stops.forEach((stop) => stop());
    const elsewhere = document.querySelector(`[data-topic="${CSS.escape(this.topic)}"]`);
    if (!elsewhere) leave(this.topic);
  }

  private message({ id, html, client_id }: Frame): void {
    if (client_id) this.composer?.outbox.arrived(client_id);
    this.log.insert(String(html), Number(id));
    this.typing("");
  }

  /** So much was missed that it is not sent one by one: it is fetched as far as the reader goes. */
  private behind(last: number): void {
    const follows = this.log.atEnd;
    this.log.miss(last);
    if (follows) void this.travel.newest();
  }

  private noteReading(): void {
    window.clearTimeout(this.readTimer);
    const { known, atEnd } = this.log;
    if (document.hidden || known <= this.read || !atEnd) return;
    this.readTimer = window.setTimeout(() => {
      this.read = known;
      void post(`${this.url}read/`, new URLSearchParams({ seq: String(known) })).catch(() => (this.read = 0));
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
}

behaviour("[data-topic]", (sheet) => void new RoomSheet(sheet));
behaviour("[data-rooms]", () => {
  on("hello", () => void send({ do: "join", topic: "rooms" }));
  send({ do: "join", topic: "rooms" });
});
