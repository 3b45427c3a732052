/** Messages on their way: shown at once, sent once however often it takes, kept when the portal does not answer. */

import { post, sentenceOf } from "./http";
import type { Log } from "./room-log";

interface Sent {
  id: number;
  html: string;
}
interface Parcel {
  body: FormData;
  shown: HTMLElement;
  failed: boolean;
}

const id = (): string => [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

export class Outbox {
  private readonly parcels = new Map<string, Parcel>();

  constructor(
    private readonly log: Log,
    private readonly url: string,
    private readonly words: DOMStringMap,
    private readonly refused: (sentence: string, body: FormData) => void,
  ) {}

  /** Shows the message and sends it. */
  send(body: FormData): void {
    const key = id();
    body.set("client_id", key);
    const shown = document.createElement("article");
    shown.className = "say mine waiting";
    const text = Object.assign(document.createElement("div"), { className: "text" });
    text.textContent = String(body.get("body") ?? "");
    shown.append(document.createElement("span"), text);
    this.parcels.set(key, { body, shown, failed: false });
    this.log.append(shown);
    void this.deliver(key);
  }

  /** The message came back by the socket: it is stored. */
  arrived(key: unknown): void {
    const parcel = this.parcels.get(String(key));
    parcel?.shown.remove();
    this.parcels.delete(String(key));
  }

  /** Sends again what the portal did not answer. The number of the parcel makes a repetition harmless. */
  retry(): void {
    for (const [key, parcel] of this.parcels) if (parcel.failed) void this.deliver(key);
  }

  private async deliver(key: string): Promise<void> {
    const parcel = this.parcels.get(key);
    if (!parcel) return;
    this.show(parcel, false);
    const response = await post(this.url, parcel.body).catch(() => null);
    if (!response || response.status >= 500) return this.show(parcel, true);
    if (!response.ok) {
      this.arrived(key);
      return this.refused(sentenceOf(await response.text(), response.headers.get("Content-Type")), parcel.body);
    }
    if (response.redirected) return location.reload(); // the session ended; the draft was kept
    const { id: number, html } = (await response.json()) as Sent;
    this.arrived(key);
    this.log.insert(html, number);
    this.log.toEnd();
  }

  private show(parcel: Parcel, failed: boolean): void {
    parcel.failed = failed;
    parcel.shown.classList.toggle("failed", failed);
    parcel.shown.querySelector(".fate")?.remove();
    if (!failed) return;
    const fate = Object.assign(document.createElement("div"), { className: "fate" });
    fate.append(this.words["wordsFailed"] ?? "", " ", this.button("wordsRetry", () => this.retry()), " ", this.button("wordsDrop", () => this.arrived(parcel.body.get("client_id"))));
    parcel.shown.append(fate);
    this.log.toEnd();
  }

  private button(word: string, act: () => void): HTMLButtonElement {
    const made = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-sm btn-quiet" });
    made.textContent = this.words[word] ?? "";
    made.addEventListener("click", act);
    return made;
  }
}
