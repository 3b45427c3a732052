/** Lists: the boxes of the column menu become one parameter, in the order of the columns; a list that refreshes itself
 * keeps as many rows as its reader has unfolded. */

import { within } from "./behave";

within("input", "[data-columns]", (menu) => {
  const boxes = [...menu.querySelectorAll<HTMLInputElement>("input[type=checkbox]")];
  const hidden = menu.querySelector<HTMLInputElement>("input[name=columns]");
  const chosen = boxes.filter((box) => box.checked).map((box) => box.value);
  if (hidden) hidden.value = chosen.length === boxes.length ? "" : chosen.join(",");
});

interface Context {
  request: { body: FormData };
  sourceElement: Element;
  sourceEvent: Event | null;
}

document.addEventListener("htmx:config:request", (event) => {
  const context = (event as CustomEvent<{ ctx?: Context }>).detail.ctx;
  if (context?.sourceEvent?.type !== "live" || !context.sourceElement.matches("[data-listing] > #list")) return;
  context.request.body.set("rows", String(context.sourceElement.querySelectorAll("tr[data-row]").length));
});
