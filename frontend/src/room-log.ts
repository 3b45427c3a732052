/** The log of a room: messages in the order of their numbers, days, what is new, earlier pages, the scroll. */

import { fragment } from "./http";

const TOGETHER = 300; // seconds in which messages of one author are drawn together
const NEAR = 80; // pixels from the end that still count as being there

const language = (): string => document.documentElement.lang || "en";
const member = (): string => document.body.dataset["member"] ?? "";

/** The number of a message on the page. */
export const numberOf = (element: Element): number => Number((element as HTMLElement).dataset["seq"] ?? 0);

/** True for what the reader wrote. */
export const isMine = (element: HTMLElement): boolean => element.dataset["author"] === member() && member() !== "";

function parse(html: string): HTMLElement | null {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  return holder.content.firstElementChild as HTMLElement | null;
}

/** What depends on the reader: one's own messages and signs. */
function decorate(root: ParentNode): void {
  for (const say of root.querySelectorAll<HTMLElement>(".say")) say.classList.toggle("mine", isMine(say));
  for (const sign of root.querySelectorAll<HTMLElement>(".reactions [data-members]")) {
    sign.setAttribute("aria-pressed", String(sign.dataset["members"]?.split(" ").includes(member())));
  }
}

/** The server renders a frame once for all readers: its clock is set to the reader's zone here. */
function setClocks(element: HTMLElement, timeZone: string): void {
  const clock = new Intl.DateTimeFormat(language(), { hour: "2-digit", minute: "2-digit", hour12: false, timeZone });
  const exact = new Intl.DateTimeFormat(language(), { dateStyle: "medium", timeStyle: "short", timeZone });
  for (const time of element.querySelectorAll<HTMLTimeElement>("time")) {
    const moment = new Date(time.dateTime);
    time.textContent = clock.format(moment);
    time.title = exact.format(moment);
  }
}

export class Log {
  constructor(
    readonly element: HTMLElement,
    private readonly words: DOMStringMap,
  ) {
    decorate(element);
    this.watchEarlier();
  }

  private get zone(): string {
    return this.words["zone"] || Intl.DateTimeFormat().resolvedOptions().timeZone;
  }

  /** True when the reader sees the end. */
  get atEnd(): boolean {
    const { scrollHeight, scrollTop, clientHeight } = this.element;
    return scrollHeight - scrollTop - clientHeight < NEAR;
  }

  /** Brings a message to the middle of the log, without moving the page. */
  show(target: Element): void {
    const { top } = target.getBoundingClientRect();
    this.element.scrollTop += top - this.element.getBoundingClientRect().top - this.element.clientHeight / 2;
  }

  toEnd(): void {
    this.element.scrollTop = this.element.scrollHeight;
  }

  message(id: number): HTMLElement | null {
    return this.element.querySelector<HTMLElement>(`#m-${id}`);
  }

  /** Puts a message in its place by number. A message that is there already stays as it is. */
  insert(html: string, id: number): void {
    const made = parse(html);
    if (!made || this.message(id)) return;
    const follow = this.atEnd;
    setClocks(made, this.zone);
    this.element.querySelector("[data-quiet]")?.remove();
    const earlier = [...this.element.querySelectorAll<HTMLElement>("[data-seq]")].filter((each) => numberOf(each) < id).at(-1);
    const anchor = earlier ?? null;
    if (anchor) anchor.after(made);
    else this.element.append(made);
    this.group(made, anchor);
    if (!isMine(made) && !follow) this.markNew(made);
    decorate(this.element);
    if (follow) this.toEnd();
  }

  /** Replaces a message that was changed, if it is on the page. */
  replace(html: string, id: number): void {
    const old = this.message(id);
    const made = parse(html);
    if (!old || !made) return;
    setClocks(made, this.zone);
    made.classList.toggle("follows", old.classList.contains("follows"));
    old.replaceWith(made);
    decorate(this.element);
  }

  /** The last message that the reader wrote. */
  lastOwn(): HTMLElement | null {
    return [...this.element.querySelectorAll<HTMLElement>(".say.mine:not(.deleted, .waiting)")].at(-1) ?? null;
  }

  /** Puts an element that has no number yet at the end. */
  append(element: HTMLElement): void {
    this.element.querySelector("[data-quiet]")?.remove();
    this.element.append(element);
    this.toEnd();
  }

  private group(made: HTMLElement, before: HTMLElement | null): void {
    const at = Number(made.dataset["at"] ?? Date.now() / 1000);
    const then = Number(before?.dataset["at"] ?? 0);
    const isSay = made.matches(".say") && before?.matches(".say");
    if (isSay && made.dataset["author"] === before?.dataset["author"] && at - then < TOGETHER && !made.querySelector("blockquote")) made.classList.add("follows");
    const day = new Date(at * 1000).toLocaleDateString("sv", { timeZone: this.zone });
    const days = [...this.element.querySelectorAll<HTMLElement>(".day")];
    if (days.some((each) => each.dataset["day"] === day)) return;
    const line = Object.assign(document.createElement("div"), { className: "day" });
    line.dataset["day"] = day;
    line.textContent = new Intl.DateTimeFormat(language(), { dateStyle: "full", timeZone: this.zone }).format(at * 1000);
    made.before(line);
    made.classList.remove("follows");
  }

  private markNew(made: HTMLElement): void {
    if (this.element.querySelector(".new")) return;
    const line = Object.assign(document.createElement("div"), { className: "new", id: "new" });
    line.textContent = this.words["wordsNew"] ?? "";
    made.before(line);
  }

  /** Loads the page before when its button comes into view, and keeps the reader's place. */
  private watchEarlier(): void {
    const button = this.element.querySelector<HTMLElement>("[data-older]");
    if (!button) return;
    const load = async (): Promise<void> => {
      watcher.disconnect();
      const page = await fragment(button.dataset["older"] ?? "").catch(() => null);
      if (page === null) return;
      const { scrollHeight, scrollTop } = this.element;
      const day = (button.nextElementSibling as HTMLElement | null)?.dataset["day"];
      button.insertAdjacentHTML("afterend", page);
      button.remove();
      const repeated = [...this.element.querySelectorAll<HTMLElement>(".day")].filter((each) => each.dataset["day"] === day);
      repeated.slice(1).forEach((each) => each.remove());
      decorate(this.element);
      this.element.scrollTop = scrollTop + this.element.scrollHeight - scrollHeight;
      this.watchEarlier();
    };
    const watcher = new IntersectionObserver((seen) => seen[0]?.isIntersecting && void load(), { root: this.element });
    watcher.observe(button);
    button.addEventListener("click", () => void load());
  }
}
