/** Relative times that stay true: "3 minutes ago" grows while the page is open. */

const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
];
const words = new Intl.RelativeTimeFormat(document.documentElement.lang || "en", { numeric: "always" });

function refresh(): void {
  for (const element of document.querySelectorAll<HTMLTimeElement>("time[data-ago]")) {
    const seconds = (new Date(element.dateTime).getTime() - Date.now()) / 1000;
    if (Math.abs(seconds) > 30 * 86_400 || Math.abs(seconds) < 60) continue; // "just now" and dates stay as they came
    const [unit, length] = UNITS.find(([, size]) => Math.abs(seconds) >= size * 1.2) ?? ["minute", 60];
    const text = words.format(Math.round(seconds / length), unit);
    if (element.textContent !== text) element.textContent = text;
  }
}

window.setInterval(refresh, 30_000);
document.addEventListener("visibilitychange", () => !document.hidden && refresh());
