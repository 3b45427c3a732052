/** Pieces of a page that keep themselves current: data-live="deal deal.12" fires "live" when such a thing changed. */

import { on } from "./socket";

const PAUSE = 150; // one act writes several events; fetch once
const timers = new WeakMap<Element, number>();

function wake(piece: Element): void {
  window.clearTimeout(timers.get(piece));
  timers.set(piece, window.setTimeout(() => piece.dispatchEvent(new CustomEvent("live")), PAUSE));
}

on("changed", ({ what, id }) => {
  recount();
  const names = [String(what), `${String(what)}.${String(id)}`];
  for (const piece of document.querySelectorAll<HTMLElement>("[data-live]")) {
    const wanted = (piece.dataset["live"] ?? "").split(/\s+/);
    if (names.some((name) => wanted.includes(name))) wake(piece);
  }
});

on("again", () => {
  recount();
  document.querySelectorAll("[data-live]").forEach(wake);
});

/** Sets the badges of the shell. */
export function setCounts(counts: Record<string, unknown>): void {
  for (const [key, value] of Object.entries(counts)) {
    if (typeof value !== "number") continue;
    for (const badge of document.querySelectorAll<HTMLElement>(`[data-count="${CSS.escape(key)}"]`)) {
      badge.textContent = value > 99 ? "99+" : String(value);
      badge.hidden = value === 0;
    }
  }
}

let counting = 0;

/** Asks for the badges once things stand still: what waits for one may have changed with them. */
function recount(): void {
  const url = document.body.dataset["counts"];
  if (!url) return;
  window.clearTimeout(counting);
  counting = window.setTimeout(async () => {
    const response = await fetch(url, { headers: { Accept: "application/json" } }).catch(() => null);
    if (response?.ok && !response.redirected) setCounts((await response.json()) as Record<string, unknown>);
  }, 800);
}

on("counts", ({ on: _type, ...counts }) => setCounts(counts));
on("notification", ({ html, unread }) => {
  setCounts({ inbox: unread });
  for (const list of document.querySelectorAll("[data-notifications]")) list.insertAdjacentHTML("afterbegin", String(html));
});

interface Swap {
  ctx: { sourceElement: Element; sourceEvent: Event | null };
}
const before = new WeakMap<Element, Set<string>>();
const idsIn = (piece: Element): string[] => [...piece.querySelectorAll("[id]")].map((child) => child.id);

/** The piece that fetches itself, wherever it stands after the swap. */
function livePiece(event: Event): Element | null {
  const { sourceElement, sourceEvent } = (event as CustomEvent<Swap>).detail.ctx;
  return sourceEvent?.type === "live" ? sourceElement : null;
}

document.addEventListener("htmx:before:swap", (event) => {
  const piece = livePiece(event);
  if (piece) before.set(piece, new Set(idsIn(piece)));
});

document.addEventListener("htmx:after:swap", (event) => {
  const piece = livePiece(event);
  const known = piece && before.get(piece);
  if (!piece || !known) return;
  for (const row of piece.querySelectorAll("tr[id], li[id], article[id]")) {
    if (!known.has(row.id)) row.classList.add("is-new");
  }
});
