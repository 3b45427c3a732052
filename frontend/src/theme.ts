/** Light, dark, or as the system: kept in a cookie, so that the server paints the right one at once. */

import { within } from "./behave";

const root = document.documentElement;

function choose(theme: string): void {
  root.dataset["bsTheme"] = theme;
  localStorage.setItem("theme", theme);
  document.cookie = `theme=${theme};path=/;max-age=31536000;samesite=lax${location.protocol === "https:" ? ";secure" : ""}`;
  for (const button of document.querySelectorAll<HTMLElement>("[data-themes] [data-theme]")) {
    button.setAttribute("aria-pressed", String(button.dataset["theme"] === theme));
  }
}

within("click", "[data-themes] [data-theme]", (button) => choose(button.dataset["theme"] ?? "auto"));

const kept = localStorage.getItem("theme");
if (kept && !document.cookie.includes("theme=")) choose(kept); // the cookie was cleared, the choice was not
