/** The side panel: data-panel on a link shows its page's panel beside the list, without leaving it. */

import htmx from "htmx.org";
import { within } from "./behave";

const sheet = (): HTMLDialogElement | null => document.getElementById("panel-sheet") as HTMLDialogElement | null;
let opener: HTMLElement | null = null;

/** Shows the panel of an address. */
export function openPanel(url: string, from?: HTMLElement): void {
  const dialog = sheet();
  const inside = document.getElementById("panel");
  const waiting = dialog?.querySelector("template");
  if (!dialog || !inside || !waiting) return;
  opener = from ?? null;
  inside.replaceChildren(waiting.content.cloneNode(true));
  dialog.querySelector<HTMLAnchorElement>("[data-panel-open]")?.setAttribute("href", url);
  if (!dialog.open) dialog.show();
  void htmx.ajax("GET", url, { target: "#panel", swap: "innerHTML" });
}

within("click", "a[data-panel]", (link, event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  openPanel((link as HTMLAnchorElement).href, link);
});

document.addEventListener("keydown", (event) => {
  const dialog = sheet();
  if (event.key !== "Escape" || !dialog?.open || document.querySelector("dialog:modal")) return;
  dialog.close();
  opener?.focus();
});
