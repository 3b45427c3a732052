/** What is being written in each room, kept in this browser for the member who writes it; the list of rooms says where. */

import { behaviour } from "./behave";

const key = (topic: string): string => `draft.${document.body.dataset["member"]}.${topic}`;

/** The draft of a room; empty where there is none. */
export const draftOf = (topic: string): string => localStorage.getItem(key(topic)) ?? "";

/** Keeps or, when it is empty, forgets the draft of a room. */
export function keepDraft(topic: string, text: string): void {
  if (text.trim()) localStorage.setItem(key(topic), text);
  else localStorage.removeItem(key(topic));
  document.querySelectorAll<HTMLElement>("[data-rooms]").forEach(mark);
}

/** Marks the rooms of the list in which something is written and not sent. */
function mark(list: HTMLElement): void {
  for (const sign of list.querySelectorAll<HTMLElement>("[data-draft]")) {
    const open = sign.closest("a")?.ariaCurrent === "page"; // there one sees it in the box
    sign.hidden = open || !(sign.dataset["draft"] ?? "").split(" ").some((topic) => draftOf(topic));
  }
}

behaviour("[data-rooms]", mark);
document.addEventListener("htmx:after:swap", () => document.querySelectorAll<HTMLElement>("[data-rooms]").forEach(mark));
window.addEventListener("storage", () => document.querySelectorAll<HTMLElement>("[data-rooms]").forEach(mark));
