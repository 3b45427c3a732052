/** Moving about in a long room: further messages as one scrolls, a message, a day, and back to the newest. */

import { fragment } from "./http";
import type { Log, Side } from "./room-log";
import { numberOf } from "./room-lines";
import { offline } from "./toast";

const AHEAD = "900px 0px"; // further messages are fetched before the reader gets there

export class Travel {
  private readonly watcher: IntersectionObserver;
  private readonly button: HTMLButtonElement | null;
  private turn = 0;

  constructor(
    private readonly log: Log,
    private readonly sheet: HTMLElement,
    private readonly url: string,
  ) {
    this.watcher = new IntersectionObserver((seen) => this.seen(seen), { root: log.element, rootMargin: AHEAD });
    this.button = sheet.querySelector("[data-newest]");
    this.button?.addEventListener("click", () => void this.newest());
    log.element.addEventListener("click", (event) => this.clicked(event));
    this.takeDay();
    new MutationObserver(() => this.watch()).observe(log.element, { childList: true });
    this.watch();
  }

  /** Shows or hides the way back to the newest, with the number of what is new there. */
  update(): void {
    if (!this.button) return;
    const { unseen, atEnd } = this.log;
    this.button.hidden = atEnd;
    const words = unseen ? (this.sheet.dataset["wordsFresh"] ?? "").replace("{n}", String(unseen)) : (this.sheet.dataset["wordsNewest"] ?? "");
    const place = this.button.querySelector("span");
    if (place && place.textContent !== words) place.textContent = words;
  }

  /** To the end of the room. */
  async newest(): Promise<void> {
    if (!this.log.whole && !(await this.fill("earlier/"))) return;
    this.log.place.toEnd();
    this.log.unseen = 0;
    this.update();
  }

  /** To a message by its number; says whether it is there. */
  async message(id: number): Promise<boolean> {
    if (!this.log.message(id)) await this.fill(`around/?at=${id}`);
    const found = this.log.message(id);
    if (!found) return false;
    this.log.place.show(found);
    found.classList.remove("linked");
    void found.offsetWidth; // so that the same message can be pointed out twice
    found.classList.add("linked");
    return true;
  }

  /** To the first message of a day ("2026-03-31"), or of the next day on which somebody spoke. */
  async day(day: string): Promise<void> {
    if (!(await this.fill(`around/?day=${encodeURIComponent(day)}`))) return;
    const lines = [...this.log.element.querySelectorAll<HTMLElement>(".day")];
    const line = lines.find((each) => (each.dataset["day"] ?? "") >= day) ?? this.log.messages.at(-1);
    if (line) this.log.place.show(line, 0);
    this.log.element.focus({ preventScroll: true });
    this.update();
  }

  /** Tries again what could not be fetched. */
  again(): void {
    for (const side of ["older", "newer"] as const) if (this.log.edge(side)?.classList.contains("failed")) void this.load(side);
  }

  private async fill(what: string): Promise<boolean> {
    const turn = ++this.turn;
    const page = await fragment(this.url + what).catch(() => null);
    if (turn !== this.turn) return false; // the reader wants to be somewhere else by now
    if (page === null) offline();
    else this.log.refill(page);
    return page !== null;
  }

  private watch(): void {
    this.watcher.disconnect(); // observed anew, an edge that is still in sight is told again
    for (const side of ["older", "newer"] as const) {
      const edge = this.log.edge(side);
      if (edge && !edge.classList.contains("failed")) this.watcher.observe(edge);
    }
  }

  private seen(entries: IntersectionObserverEntry[]): void {
    for (const { isIntersecting, target } of entries) if (isIntersecting) void this.load("older" in (target as HTMLElement).dataset ? "older" : "newer");
  }

  private async load(side: Side): Promise<void> {
    const edge = this.log.edge(side);
    const from = this.log.messages.at(side === "older" ? 0 : -1);
    if (!edge || !from || edge.ariaBusy === "true") return;
    edge.ariaBusy = "true";
    const page = await fragment(`${this.url}${side === "older" ? "earlier/?before" : "later/?after"}=${numberOf(from)}`).catch(() => null);
    edge.ariaBusy = "false";
    edge.classList.toggle("failed", page === null);
    if (page !== null && this.log.messages.at(side === "older" ? 0 : -1) === from) this.log.extend(page, side);
    this.update();
  }

  private clicked(event: MouseEvent): void {
    const link = (event.target as Element).closest<HTMLAnchorElement>("a");
    const answered = /^#m-(\d+)$/.exec(link?.getAttribute("href") ?? "")?.[1];
    const edge = link?.matches("[data-older], [data-newer]");
    if (!link || (!edge && !answered) || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    if (answered) void this.message(Number(answered));
    else void this.load("older" in link.dataset ? "older" : "newer");
  }

  private takeDay(): void {
    const form = this.sheet.querySelector<HTMLFormElement>("[data-day-form]");
    const field = form?.querySelector<HTMLInputElement>("input[type=date]");
    if (!form || !field) return;
    form.querySelector("button")?.addEventListener("click", (event) => {
      event.preventDefault();
      if ("showPicker" in field) field.showPicker();
      else (field as HTMLInputElement).focus();
    });
    field.addEventListener("change", () => field.value && field.checkValidity() && void this.day(field.value));
    form.addEventListener("submit", (event) => event.preventDefault());
  }
}
