/** What the lines of a log say of themselves, and what of them depends on the reader. */

const language = (): string => document.documentElement.lang || "en";
const member = (): string => document.body.dataset["member"] ?? "";

/** The number of a message on the page. */
export const numberOf = (element: Element): number => Number((element as HTMLElement).dataset["seq"] ?? 0);

/** True for what the reader wrote. */
export const isMine = (element: HTMLElement): boolean => element.dataset["author"] === member() && member() !== "";

/** Who wrote it: the membership, or the name of a machine. */
export const authorOf = (element: HTMLElement): string => element.dataset["author"] || (element.querySelector(".by b")?.textContent ?? "");

/** When it was written, in milliseconds. */
export function momentOf(element: HTMLElement): number {
  const seconds = Number(element.dataset["at"]);
  return seconds ? seconds * 1000 : Date.parse(element.querySelector("time")?.dateTime ?? "") || Date.now();
}

/** The lines of a fragment. */
export function parse(html: string): DocumentFragment {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  return holder.content;
}

/** What depends on the reader: one's own messages, signs and mentions. */
export function decorate(root: ParentNode): void {
  for (const say of root.querySelectorAll<HTMLElement>(".say")) say.classList.toggle("mine", isMine(say));
  for (const sign of root.querySelectorAll<HTMLElement>(".reactions [data-members]")) {
    sign.setAttribute("aria-pressed", String(sign.dataset["members"]?.split(" ").includes(member())));
  }
  if (member()) root.querySelectorAll(`.mention[data-member="${CSS.escape(member())}"]`).forEach((named) => named.classList.add("me"));
}

/** The days and clocks of a log, in the reader's zone. */
export class Calendar {
  private readonly clock: Intl.DateTimeFormat;
  private readonly exact: Intl.DateTimeFormat;
  private readonly iso: Intl.DateTimeFormat;
  private readonly long: Intl.DateTimeFormat;

  constructor(zone: string | undefined) {
    const timeZone = zone || Intl.DateTimeFormat().resolvedOptions().timeZone;
    this.clock = new Intl.DateTimeFormat(language(), { hour: "2-digit", minute: "2-digit", hour12: false, timeZone });
    this.exact = new Intl.DateTimeFormat(language(), { dateStyle: "medium", timeStyle: "short", timeZone });
    this.iso = new Intl.DateTimeFormat("sv", { dateStyle: "short", timeZone });
    this.long = new Intl.DateTimeFormat(language(), { weekday: "long", day: "numeric", month: "long", year: "numeric", timeZone });
  }

  /** The server renders a frame once for all readers: its clocks are set to the reader's zone here. */
  set(root: ParentNode): void {
    for (const time of root.querySelectorAll<HTMLTimeElement>("time")) {
      const moment = new Date(time.dateTime);
      time.textContent = this.clock.format(moment);
      time.title = this.exact.format(moment);
    }
  }

  /** "2026-11-22". */
  day(moment: number): string {
    return this.iso.format(moment);
  }

  /** The line above the first message of a day, worded as the server does: "Sunday 22 November 2026". */
  line(moment: number): HTMLElement {
    const line = Object.assign(document.createElement("div"), { className: "day" });
    const parts = this.long.formatToParts(moment);
    const part = (type: string): string => parts.find((each) => each.type === type)?.value ?? "";
    line.dataset["day"] = this.day(moment);
    line.textContent = ["weekday", "day", "month", "year"].map(part).join(" ");
    return line;
  }
}
