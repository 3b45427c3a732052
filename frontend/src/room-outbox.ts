/** Messages on their way: shown at once, sent in order and once however often it takes, kept while there is no line. */

import { csrf, sentenceOf } from "./http";
import type { Log } from "./room-log";
import type { Travel } from "./room-travel";

const AGAIN = 4000; // milliseconds after which a message that was not taken is tried again, the line being open
const PATIENCE = 20_000; // milliseconds for an answer to words alone

interface Kept {
  key: string;
  body: string;
  replyTo: number;
}
interface Parcel extends Kept {
  files: File[];
  shown: HTMLElement;
  request?: XMLHttpRequest;
  /** Why it is not on its way: no answer, so it is tried again; or a refusal, so it waits for its author. */
  fate: "" | "failed" | "refused";
}

const token = (): string => [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

export class Outbox {
  private readonly parcels = new Map<string, Parcel>();
  private readonly place: string;
  private running = false;
  private timer = 0;

  constructor(
    private readonly log: Log,
    private readonly travel: Travel,
    private readonly url: string,
    private readonly words: DOMStringMap,
    private readonly refused: (sentence: string, body: string) => boolean,
  ) {
    this.place = `outbox.${document.body.dataset["member"]}.${words["topic"]}.`;
    for (const name of Object.keys(localStorage).filter((each) => each.startsWith(this.place)).sort()) this.take(JSON.parse(localStorage.getItem(name) ?? "") as Kept, []);
    window.addEventListener("online", () => this.retry());
    window.addEventListener("beforeunload", (event) => {
      if ([...this.parcels.values()].some(({ files }) => files.length)) event.preventDefault(); // files are kept by this page alone
    });
    void this.run();
  }

  /** Shows the message and sends it, after those before it. */
  send(body: string, replyTo: number, files: File[]): void {
    const kept = { key: `${Date.now().toString(36)}-${token()}`, body, replyTo };
    if (!files.length) localStorage.setItem(this.place + kept.key, JSON.stringify(kept)); // survives the page
    this.take(kept, files);
    if (this.log.whole) this.log.place.toEnd();
    else void this.travel.newest();
    void this.run();
  }

  /** The message came back by the socket: it is stored. */
  arrived(key: unknown): void {
    const parcel = this.parcels.get(String(key));
    if (!parcel) return;
    parcel.shown.remove();
    this.parcels.delete(parcel.key);
    localStorage.removeItem(this.place + parcel.key);
  }

  /** Sends again what the portal did not answer. The key of the parcel makes a repetition harmless. */
  retry(): void {
    for (const parcel of this.parcels.values()) if (parcel.fate === "failed") this.show(parcel, "");
    void this.run();
  }

  private take(kept: Kept, files: File[]): void {
    const shown = document.createElement("article");
    shown.className = "say mine waiting";
    const text = Object.assign(document.createElement("div"), { className: "text" });
    text.textContent = [kept.body, ...files.map((file) => `📎 ${file.name}`)].filter(Boolean).join("\n");
    shown.append(document.createElement("span"), text);
    this.parcels.set(kept.key, { ...kept, files, shown, fate: "" });
    this.log.append(shown);
  }

  /** One after the other, so that they stand in the order in which they were written. */
  private async run(): Promise<void> {
    if (this.running) return;
    this.running = true;
    window.clearTimeout(this.timer);
    try {
      for (const parcel of this.parcels.values()) if (!parcel.fate && !(await this.deliver(parcel))) break;
    } finally {
      this.running = false;
    }
  }

  /** Says whether the next one may go. */
  private async deliver(parcel: Parcel): Promise<boolean> {
    const request = await this.post(parcel);
    if (!this.parcels.has(parcel.key)) return true; // it came by the socket in the meantime, or was discarded
    const { status, responseText } = request;
    if (!status || status >= 500 || status === 429) return this.wait(parcel, status === 429 ? this.sentence(request) : "");
    if (status >= 400) return this.refuse(parcel, this.sentence(request));
    if (!request.getResponseHeader("Content-Type")?.includes("json")) {
      location.reload(); // the session ended; what was written is kept
      return false;
    }
    const { id, html } = JSON.parse(responseText) as { id: number; html: string };
    const follow = this.log.atEnd;
    this.arrived(parcel.key);
    this.log.insert(html, id);
    if (follow || !this.log.whole) void this.travel.newest();
    return true;
  }

  private sentence(request: XMLHttpRequest): string {
    return sentenceOf(request.responseText, request.getResponseHeader("Content-Type"));
  }

  private wait(parcel: Parcel, sentence: string): boolean {
    for (const each of this.parcels.values()) if (!each.fate) this.show(each, "failed", each === parcel ? sentence : "");
    this.timer = window.setTimeout(() => this.retry(), AGAIN * (0.75 + Math.random() / 2));
    return false;
  }

  private refuse(parcel: Parcel, sentence: string): boolean {
    if (!parcel.files.length && this.refused(sentence, parcel.body)) this.arrived(parcel.key);
    else this.show(parcel, "refused", sentence);
    return true;
  }

  /** XMLHttpRequest, because fetch tells no progress. */
  private post(parcel: Parcel): Promise<XMLHttpRequest> {
    const body = new FormData();
    body.set("body", parcel.body);
    body.set("client_id", parcel.key);
    if (parcel.replyTo) body.set("reply_to", String(parcel.replyTo));
    parcel.files.forEach((file) => body.append("files", file));
    const request = (parcel.request = new XMLHttpRequest());
    request.open("POST", this.url);
    if (!parcel.files.length) request.timeout = PATIENCE;
    request.setRequestHeader("X-CSRFToken", csrf());
    request.setRequestHeader("X-Requested-With", "fetch");
    request.setRequestHeader("Accept", "application/json, text/html");
    if (parcel.files.length) this.showProgress(parcel, request);
    return new Promise((done) => {
      request.addEventListener("loadend", () => done(request));
      request.send(body);
    });
  }

  private showProgress(parcel: Parcel, request: XMLHttpRequest): void {
    const bar = Object.assign(document.createElement("progress"), { className: "bar", max: 1, value: 0 });
    bar.ariaLabel = parcel.files.map((file) => file.name).join(", ");
    request.upload.addEventListener("progress", ({ loaded, total }) => (bar.value = loaded / (total || 1)));
    this.foot(parcel, bar, this.button("wordsCancel", () => this.discard(parcel)));
  }

  private discard(parcel: Parcel): void {
    this.arrived(parcel.key);
    parcel.request?.abort();
  }

  private show(parcel: Parcel, fate: Parcel["fate"], sentence = ""): void {
    parcel.fate = fate;
    parcel.shown.classList.toggle("failed", fate !== "");
    if (!fate) return this.foot(parcel);
    const again = (): void => (this.show(parcel, ""), this.retry());
    this.foot(parcel, sentence || (this.words["wordsFailed"] ?? ""), this.button("wordsRetry", again), this.button("wordsDrop", () => this.discard(parcel)));
  }

  private foot(parcel: Parcel, ...what: (Node | string)[]): void {
    this.log.place.hold(() => {
      parcel.shown.querySelector(".fate")?.remove();
      const fate = Object.assign(document.createElement("div"), { className: "fate" });
      fate.append(...what);
      if (what.length) parcel.shown.append(fate);
    });
  }

  private button(word: string, act: () => void): HTMLButtonElement {
    const made = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-sm btn-quiet" });
    made.textContent = this.words[word] ?? "";
    made.addEventListener("click", act);
    return made;
  }
}
