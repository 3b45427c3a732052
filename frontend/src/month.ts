/** A month of days: arrows go from day to day, PageUp and PageDown from month to month, Enter opens the day's first. */

import { behaviour } from "./behave";

const STEPS: Record<string, number> = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 7, ArrowUp: -7 };

behaviour("[data-month]", (grid) => {
  const days = [...grid.querySelectorAll<HTMLElement>("[data-day]")];
  const turn = (name: string): void => document.querySelector<HTMLElement>(`[data-${name}]`)?.click();
  grid.addEventListener("keydown", (event) => {
    const day = (event.target as Element).closest<HTMLElement>("[data-day]");
    if (!day || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = STEPS[event.key];
    if (step) {
      const next = days[days.indexOf(day) + step];
      if (next) days.forEach((each) => (each.tabIndex = each === next ? 0 : -1));
      next?.focus();
    } else if (event.key === "PageDown" || event.key === "PageUp") turn(event.key === "PageDown" ? "later" : "earlier");
    else if (event.key === "Enter" && event.target === day) day.querySelector<HTMLElement>("a")?.click();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
});
