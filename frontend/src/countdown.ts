/** Clocks that run out: [data-countdown] shows what is left, counted from the server's time, not the reader's own. */

import { behaviour } from "./behave";

function left(seconds: number): string {
  const pad = (part: number): string => String(part).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  if (hours >= 48) return `${Math.floor(hours / 24)} d`;
  return `${hours}:${pad(Math.floor((seconds % 3600) / 60))}:${pad(Math.floor(seconds % 60))}`;
}

behaviour("[data-countdown]", (clock) => {
  const hand = clock.querySelector<HTMLElement>("[data-left]");
  const { countdown = "", now = "" } = clock.dataset;
  const begun = performance.now();
  const span = (Date.parse(countdown) - Date.parse(now)) / 1000;
  if (!hand || Number.isNaN(span)) return;
  const tick = (): void => {
    const seconds = Math.max(0, span - (performance.now() - begun) / 1000);
    hand.textContent = left(seconds);
    clock.classList.toggle("tone-warn", seconds < 3600);
    if (seconds > 0 && clock.isConnected) window.setTimeout(tick, 1000);
  };
  tick();
});
