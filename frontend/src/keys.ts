/** The keyboard: G then a letter to go, J and K in lists, the keys of buttons, ? for the list of keys. */

import { isWriting } from "./behave";
import { openPanel } from "./panel";

const SECOND_KEY = 1200; // how long G waits for its letter
let going = 0;
let last = { id: "", index: -1 }; // where J and K stood: rows are fetched anew while one reads

const rows = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>("main [data-href]")];
const isAt = (row: HTMLElement): boolean => row.classList.contains("at") || (row.id !== "" && row.id === last.id);
const current = (): HTMLElement | undefined => rows().find(isAt);

/** Where the panel of a row is: lists of records say which rows have one; elsewhere it is the record itself. */
function panelOf(row: HTMLElement | undefined): string | undefined {
  const named = row?.querySelector<HTMLElement>("[data-panel-url]")?.dataset["panelUrl"];
  return named ?? (row?.closest("[data-table]") ? undefined : row?.dataset["href"]);
}

function move(step: number): void {
  const all = rows();
  if (all.length === 0) {
    // a record that has neighbours: J and K go to them
    document.querySelector<HTMLElement>(step > 0 ? "main a[rel=next]" : "main a[rel=prev]")?.click();
    return;
  }
  const at = all.findIndex(isAt);
  const from = at < 0 && step > 0 ? Math.max(0, last.index) - 1 : at < 0 ? last.index : at;
  const index = Math.min(all.length - 1, Math.max(0, from + step));
  const next = all[index];
  all[at]?.classList.remove("at");
  next?.classList.add("at");
  last = { id: next?.id ?? "", index };
  next?.scrollIntoView({ block: "nearest" });
  const panel = document.querySelector<HTMLDialogElement>("#panel-sheet");
  const url = panelOf(next);
  if (url && panel?.open) openPanel(url, next);
}

function go(letter: string): boolean {
  const places = document.querySelector<HTMLTemplateElement>("#palette template")?.content;
  const place = places?.querySelector<HTMLAnchorElement>(`[data-keys="${CSS.escape(letter.toUpperCase())}"]`);
  if (place) location.assign(place.href);
  return place != null;
}

function act(key: string, shift: boolean): boolean {
  const letter = CSS.escape(key.toUpperCase());
  const row = current();
  const shifted = shift ? row?.querySelector<HTMLElement>(`[data-row-key="SHIFT+${letter}"]`) : null;
  const ofRow = shifted ?? row?.querySelector<HTMLElement>(`[data-row-key="${letter}"]`);
  const ofPage = [...document.querySelectorAll<HTMLElement>(`[data-key="${letter}"]`)].find((one) => one.checkVisibility());
  const button = ofRow ?? ofPage;
  button?.click();
  return button != null;
}

const SINGLE: Record<string, () => boolean> = {
  j: () => (move(1), true),
  k: () => (move(-1), true),
  g: () => ((going = Date.now()), true),
  "?": () => (document.querySelector<HTMLDialogElement>("#keys")?.showModal(), true),
  "/": () => {
    const inRoom = document.querySelector<HTMLElement>("[data-key-find]");
    (inRoom ?? document.querySelector<HTMLElement>("[data-dialog='#palette']"))?.click();
    return true;
  },
  m: () => {
    const box = document.querySelector<HTMLElement>(".write textarea");
    box?.focus();
    return box != null;
  },
  x: () => {
    const box = current()?.querySelector<HTMLInputElement>(".pick input");
    box?.click();
    return box != null;
  },
  Enter: () => {
    const href = current()?.dataset["href"];
    if (href) location.assign(href);
    return href != null;
  },
  u: () => {
    const undo = [...document.querySelectorAll<HTMLElement>("#toasts .undo")].at(-1);
    undo?.click();
    return undo != null;
  },
  " ": () => {
    const row = current();
    const url = panelOf(row);
    if (url) openPanel(url, row);
    return url != null;
  },
};

function handled(key: string, shift: boolean): boolean {
  const second = Date.now() - going < SECOND_KEY;
  going = 0;
  if (second && go(key)) return true;
  return SINGLE[key]?.() || (key.length === 1 && act(key, shift));
}

document.addEventListener("htmx:after:swap", () => current()?.classList.add("at"));

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isWriting(event.target)) return;
  if (document.querySelector("dialog:modal, details.menu[open]")) return;
  const onControl = (event.target as Element).closest?.("a, button, summary, [role=button], [data-board]");
  if (onControl && (event.key === "Enter" || event.key === " ")) return;
  if (handled(event.key, event.shiftKey)) event.preventDefault();
});
