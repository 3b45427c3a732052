/** The log of a room: a stretch of its messages in the order of their numbers, never more than the page can carry. */

import { authorOf, Calendar, decorate, isMine, momentOf, numberOf, parse } from "./room-lines";
import { Place } from "./room-place";

const TOGETHER = 300_000; // milliseconds in which messages of one author are drawn together
const MOST = 300; // messages on the page; what is further away from the reader is let go and fetched again

export type Side = "older" | "newer";

export class Log {
  readonly place: Place;
  /** The last number that the room is known to have. */
  known: number;
  /** How many messages of others came while the reader was not at the end. */
  unseen = 0;
  private readonly calendar: Calendar;

  constructor(
    readonly element: HTMLElement,
    private readonly words: DOMStringMap,
    private readonly moved: () => void,
  ) {
    this.known = Number(words["last"]);
    this.calendar = new Calendar(words["zone"]);
    this.place = new Place(element, () => this.whole, () => this.looked());
    decorate(element);
  }

  /** True when the last message of the room is on the page. */
  get whole(): boolean {
    return !this.edge("newer");
  }

  /** True when the reader sees the end of the room. */
  get atEnd(): boolean {
    return this.whole && this.place.near;
  }

  /** The link to further messages on a side, when there are some. */
  edge(side: Side): HTMLElement | null {
    return this.element.querySelector<HTMLElement>(`:scope > [data-${side}]`);
  }

  get messages(): HTMLElement[] {
    return [...this.element.querySelectorAll<HTMLElement>(":scope > [data-seq]")];
  }

  message(id: number): HTMLElement | null {
    return this.element.querySelector<HTMLElement>(`:scope > #m-${id}`);
  }

  /** The last message that the reader wrote. */
  lastOwn(): HTMLElement | undefined {
    return [...this.element.querySelectorAll<HTMLElement>(":scope > .say.mine:not(.deleted, .waiting)")].at(-1);
  }

  /** Puts a new message in its place by number; one that is there stays as it is. Where the end is far, it is counted. */
  insert(html: string, id: number): void {
    const made = parse(html).firstElementChild as HTMLElement | null;
    const fresh = id > this.known;
    this.known = Math.max(this.known, id);
    if (!made || this.message(id)) return;
    if (fresh && !this.atEnd && made.matches(".say") && !isMine(made)) this.unseen += 1;
    if (this.whole) this.place.hold(() => this.put(made, id));
    this.looked();
  }

  /** Replaces a message that was changed, if it is on the page. */
  replace(html: string, id: number): void {
    const old = this.message(id);
    const made = parse(html).firstElementChild as HTMLElement | null;
    if (!old || !made) return;
    this.place.hold(() => {
      this.calendar.set(made);
      for (const name of ["follows", "at"]) made.classList.toggle(name, old.classList.contains(name));
      old.replaceWith(made);
      decorate(this.element);
    });
  }

  /** Puts an element that has no number yet at the end. */
  append(element: HTMLElement): void {
    this.element.querySelector("[data-quiet]")?.remove();
    this.element.append(element);
    this.place.toEnd();
  }

  /** Adds a page of messages on a side, in place of the link to it. */
  extend(page: string, side: Side): void {
    const edge = this.edge(side);
    if (!edge) return;
    const lines = parse(page);
    for (const line of lines.querySelectorAll<HTMLElement>("[data-seq]")) if (this.message(numberOf(line))) line.remove();
    this.place.hold(() => {
      const seam = side === "older" ? this.messages[0] : lines.querySelector<HTMLElement>("[data-seq]");
      edge.replaceWith(lines);
      if (seam) this.settle(seam);
      this.complete();
      this.trim();
      decorate(this.element);
    });
  }

  /** Shows another stretch of the room. What is on its way stays at the end. */
  refill(page: string): void {
    const waiting = [...this.element.querySelectorAll(":scope > .waiting")];
    this.element.replaceChildren(parse(page), ...waiting);
    this.complete();
    decorate(this.element);
  }

  /** Messages up to a number were missed: they are further on. */
  miss(last: number): void {
    this.known = Math.max(this.known, last);
    this.complete();
    this.looked();
  }

  private looked(): void {
    if (this.atEnd) this.unseen = 0;
    this.moved();
  }

  private put(made: HTMLElement, id: number): void {
    this.element.querySelector("[data-quiet]")?.remove();
    const before = this.messages.findLast((each) => numberOf(each) < id);
    if (!before && this.edge("older")) return;
    this.calendar.set(made);
    if (before) before.after(made);
    else this.element.prepend(made);
    if (!isMine(made) && !this.atEnd) this.markNew(made);
    this.settle(made);
    this.trim();
    decorate(this.element);
  }

  /** What arrived while a page was on its way is further on: the end is not reached yet. */
  private complete(): void {
    const last = this.messages.at(-1);
    if (this.whole && last && numberOf(last) < this.known) last.after(this.link("newer"));
  }

  /** Draws a message together with the one above it, or gives it the line of its day. */
  private settle(made: HTMLElement): void {
    const between: HTMLElement[] = [];
    let before = made.previousElementSibling as HTMLElement | null;
    for (; before && !before.matches("[data-seq]"); before = before.previousElementSibling as HTMLElement | null) between.push(before);
    between.filter((line) => line.matches(".day")).forEach((line) => line.remove());
    const [at, then] = [momentOf(made), before ? momentOf(before) : 0];
    const sameDay = before !== null && this.calendar.day(at) === this.calendar.day(then);
    if (!sameDay) made.before(this.calendar.line(at));
    const twoWords = made.matches(".say:not(:has(blockquote))") && before?.matches(".say") && !between.some((line) => line.matches(".new"));
    made.classList.toggle("follows", Boolean(sameDay && twoWords && before && authorOf(made) === authorOf(before) && at - then < TOGETHER));
  }

  private markNew(made: HTMLElement): void {
    if (this.element.querySelector(":scope > .new")) return;
    const line = Object.assign(document.createElement("div"), { className: "new", id: "new" });
    line.textContent = this.words["wordsNew"] ?? "";
    made.before(line);
  }

  /** Lets go of what is furthest from the reader, and leaves a link to it. */
  private trim(): void {
    const all = this.messages;
    const excess = all.length - MOST;
    if (excess <= 0) return;
    const reading = this.place.first();
    const low = !reading || all.indexOf(reading) > all.length / 2;
    const [from, to] = low ? [this.element.firstElementChild, all[excess]!] : [all[MOST - 1]!.nextElementSibling, null];
    for (let line = from; line && line !== to && !line.matches(".waiting"); ) {
      const next = line.nextElementSibling;
      line.remove();
      line = next;
    }
    if (low) {
      to!.before(this.link("older"));
      this.settle(to!);
    } else all[MOST - 1]!.after(this.link("newer"));
  }

  private link(side: Side): HTMLElement {
    const link = Object.assign(document.createElement("a"), { className: "btn btn-sm older", href: this.words["url"] ?? "" });
    link.dataset[side] = "";
    link.textContent = this.words[side === "older" ? "wordsOlder" : "wordsNewer"] ?? "";
    return link;
  }
}
