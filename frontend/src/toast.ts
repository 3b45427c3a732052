/** Short messages at the corner, with undo. Any element may ask for one: dispatch "toast" with {text, tone, undo}. */

import { post } from "./http";

export interface Toast {
  text: string;
  tone?: string;
  undo?: string | null;
}

const tray = (): HTMLElement | null => document.getElementById("toasts");

function button(label: string, className: string, act: () => void): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  made.className = className;
  made.textContent = label;
  made.addEventListener("click", act);
  return made;
}

/** Keep above open dialogs: the top layer is ordered by when a thing was shown. */
function raise(place: HTMLElement): void {
  place.popover = "manual";
  if (place.matches(":popover-open")) place.hidePopover();
  place.showPopover();
}

function expire(element: HTMLElement, after: number): void {
  let timer = window.setTimeout(() => element.remove(), after);
  element.addEventListener("pointerenter", () => window.clearTimeout(timer));
  element.addEventListener("pointerleave", () => (timer = window.setTimeout(() => element.remove(), 2500)));
}

async function undo(url: string, element: HTMLElement): Promise<void> {
  element.remove();
  try {
    const response = await post(url);
    if (!response.ok) throw new Error(String(response.status));
    const pieces = document.querySelectorAll("[data-live]");
    pieces.forEach((piece) => piece.dispatchEvent(new CustomEvent("live")));
    if (!pieces.length) location.reload();
  } catch {
    offline();
  }
}

/** Shows a message. */
export function toast({ text, tone = "good", undo: url }: Toast): void {
  const place = tray();
  if (!place || !text) return;
  const element = document.createElement("div");
  element.className = `toast tone-${tone}`;
  const words = document.createElement("span");
  words.className = "grow";
  words.textContent = text;
  element.append(words);
  if (url) element.append(button(place.dataset["undo"] ?? "Undo", "undo", () => void undo(url, element)));
  element.append(button("×", "close", () => element.remove()));
  element.lastElementChild?.setAttribute("aria-label", place.dataset["dismiss"] ?? "Dismiss");
  raise(place);
  place.append(element);
  expire(element, url ? 12_000 : tone === "bad" ? 9000 : 6000);
}

/** Says that the portal could not be reached. */
export function offline(): void {
  toast({ text: tray()?.dataset["offline"] ?? "", tone: "bad" });
}

document.addEventListener("toast", (event) => toast((event as CustomEvent<Toast>).detail));
for (const shown of document.querySelectorAll<HTMLElement>("#toasts .toast")) expire(shown, 7000);
const start = tray();
if (start?.childElementCount) raise(start);
