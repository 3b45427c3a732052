/** Native dialogs: data-dialog="#id" opens, data-close closes, the veil closes; data-confirm asks before a form goes. */

import { within } from "./behave";

within("click", "[data-dialog]", (opener, event) => {
  const dialog = document.querySelector<HTMLDialogElement>(opener.dataset["dialog"] ?? "");
  if (!dialog) return;
  event.preventDefault();
  opener.closest<HTMLDetailsElement>("details[data-menu]")?.removeAttribute("open");
  if (!dialog.open) dialog.showModal();
});

within("click", "[data-close]", (closer) => closer.closest("dialog")?.close());

within("click", "dialog", (element, event) => {
  const dialog = element as HTMLDialogElement;
  if (event.target !== dialog || !dialog.matches(":modal")) return;
  const { left, right, top, bottom } = dialog.getBoundingClientRect();
  const inside = event.clientX >= left && event.clientX <= right && event.clientY >= top && event.clientY <= bottom;
  if (!inside) dialog.close();
});

within("click", "[data-back]", () => history.back());

const agreed = new WeakSet<HTMLFormElement>();

function ask(form: HTMLFormElement, submitter: HTMLElement | null): void {
  const dialog = document.getElementById("confirm") as HTMLDialogElement | null;
  const text = dialog?.querySelector("p");
  const yes = dialog?.querySelector<HTMLElement>("[value=yes]");
  if (!dialog || !text || !yes) return;
  text.textContent = form.dataset["confirm"] ?? "";
  yes.classList.toggle("btn-danger", "confirmDanger" in form.dataset);
  yes.classList.toggle("btn-primary", !("confirmDanger" in form.dataset));
  if (submitter) yes.textContent = submitter.firstChild?.textContent?.trim() || submitter.textContent?.trim() || yes.textContent;
  dialog.returnValue = "no";
  dialog.showModal();
  dialog.addEventListener(
    "close",
    () => {
      if (dialog.returnValue !== "yes") return;
      agreed.add(form);
      form.requestSubmit(submitter instanceof HTMLButtonElement ? submitter : null);
    },
    { once: true },
  );
}

document.addEventListener(
  "submit",
  (event) => {
    const form = event.target as HTMLFormElement;
    if (!form.dataset["confirm"] || agreed.delete(form)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    ask(form, event.submitter);
  },
  { capture: true },
);

const summary = document.querySelector<HTMLElement>("[data-errors]:not(.sample *)");
summary?.focus();
