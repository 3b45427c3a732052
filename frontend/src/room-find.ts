/** Search in a room: the button of its head (or the key /) opens the box, arrows go through the finds, Esc closes. */

import { within } from "./behave";

const boxOf = (inside: Element): HTMLElement | null =>
  inside.closest(".room")?.querySelector<HTMLElement>("[data-find]") ?? null;

function show(box: HTMLElement, open: boolean): void {
  const button = box.closest(".room")?.querySelector<HTMLElement>("[data-find-open]");
  box.hidden = !open;
  button?.setAttribute("aria-expanded", String(open));
  if (open) box.querySelector<HTMLInputElement>("input")?.select();
  else button?.focus();
}

within("click", "[data-find-open]", (button) => {
  const box = boxOf(button);
  if (box) show(box, box.hidden);
});

within("keydown", "[data-find]", (box, event) => {
  if (event.key === "Escape") {
    event.stopPropagation();
    show(box, false);
    return;
  }
  const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  const stops = [...box.querySelectorAll<HTMLElement>("input, a")];
  const next = step ? stops[stops.indexOf(document.activeElement as HTMLElement) + step] : undefined;
  if (!next) return;
  event.preventDefault();
  next.focus();
});

document.addEventListener("click", (event) => {
  for (const box of document.querySelectorAll<HTMLElement>("[data-find]:not([hidden])")) {
    const target = event.target as Element;
    if (!box.contains(target) && !target.closest("[data-find-open]")) box.hidden = true;
  }
});
