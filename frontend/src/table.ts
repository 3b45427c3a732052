/** Tables: a row opens its record, boxes choose rows (with Shift a range), the bulk bar follows. */

import { behaviour, within } from "./behave";

within("click", "tr[data-href], li[data-href]", (row, event) => {
  const target = event.target as Element;
  if (target.closest("a, button, input, label, select, textarea, summary, .pick") || getSelection()?.toString()) return;
  const url = row.dataset["href"] ?? "";
  if (event.ctrlKey || event.metaKey) window.open(url, "_blank");
  else location.assign(url);
});

const boxes = (table: Element): HTMLInputElement[] => [...table.querySelectorAll<HTMLInputElement>("tbody .pick input")];

/** The bar of this table: named by data-bulk, in the same form, or the only one of the page. */
function barOf(table: HTMLElement): HTMLElement | null {
  const named = table.dataset["bulk"];
  if (named) return document.querySelector(named);
  return (table.closest("form") ?? document).querySelector<HTMLElement>(".bulk");
}

function follow(table: HTMLElement): void {
  const all = boxes(table);
  const chosen = all.filter((box) => box.checked).length;
  const bar = barOf(table);
  const every = table.querySelector<HTMLInputElement>("thead .pick input");
  if (every) {
    every.checked = chosen > 0 && chosen === all.length;
    every.indeterminate = chosen > 0 && chosen < all.length;
  }
  if (!bar) return;
  bar.hidden = chosen === 0;
  const count = bar.querySelector("[data-chosen], [data-bulk-count]");
  if (count) count.textContent = String(chosen);
}

behaviour("table.rows:has(.pick)", (table) => {
  let last = -1;
  table.addEventListener("click", (event) => {
    const box = event.target as HTMLInputElement;
    if (!box.matches(".pick input")) return;
    const all = boxes(table);
    const at = all.indexOf(box);
    if (at < 0) all.forEach((other) => (other.checked = box.checked));
    else if (event.shiftKey && last >= 0) {
      all.slice(Math.min(at, last), Math.max(at, last) + 1).forEach((other) => (other.checked = box.checked));
    }
    if (at >= 0) last = at;
    follow(table);
  });
  follow(table);
});

within("click", "[data-choose-none], [data-bulk-clear]", (button) => {
  const bar = button.closest<HTMLElement>(".bulk");
  for (const table of document.querySelectorAll<HTMLElement>("table.rows:has(.pick)")) {
    boxes(table).forEach((box) => (box.checked = false));
    follow(table);
  }
  if (bar) bar.hidden = true;
});
