/** data-copy="text" or data-copy="#id" puts a text on the clipboard and says so (data-copied). */

import { within } from "./behave";
import { toast } from "./toast";

within("click", "[data-copy]", async (button) => {
  const wanted = button.dataset["copy"] ?? "";
  const source = wanted.startsWith("#") ? document.querySelector<HTMLElement>(wanted) : null;
  const text = source instanceof HTMLInputElement ? source.value : (source?.textContent ?? wanted);
  await navigator.clipboard.writeText(text.trim());
  toast({ text: button.dataset["copied"] ?? "✓" });
});
