/** Lists: the boxes of the column menu become one parameter, in the order of the columns. */

import { within } from "./behave";

within("input", "[data-columns]", (menu) => {
  const boxes = [...menu.querySelectorAll<HTMLInputElement>("input[type=checkbox]")];
  const hidden = menu.querySelector<HTMLInputElement>("input[name=columns]");
  const chosen = boxes.filter((box) => box.checked).map((box) => box.value);
  if (hidden) hidden.value = chosen.length === boxes.length ? "" : chosen.join(",");
});
