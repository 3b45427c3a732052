/** Lines of a form (a Django formset): add, remove, and totals that follow the typing. */

import htmx from "htmx.org";

import { behaviour } from "./behave";

const language = document.documentElement.lang || "en";
const [group, point] = ["group", "decimal"].map(
  (type) => new Intl.NumberFormat(language).formatToParts(12_345.6).find((part) => part.type === type)?.value ?? "",
);

/** A number as typed, in the reader's way or in the plain one; nought when it is none. */
export function parseNumber(text: string): number {
  const clean = text.trim().replace(/[\s\u00a0\u202f]/g, "");
  const plain = /^-?\d+(\.\d+)?$/.test(clean) && !(group === "." && /^-?\d{1,3}(\.\d{3})+$/.test(clean));
  const value = Number(plain ? clean : clean.replaceAll(group ?? ",", "").replace(point ?? ".", "."));
  return Number.isFinite(value) ? value : 0;
}

class Lines {
  private readonly total: HTMLInputElement | null;
  private readonly body: HTMLElement;

  constructor(private readonly root: HTMLElement) {
    const prefix = root.dataset["formset"] ?? "form";
    this.total = root.querySelector(`[name="${prefix}-TOTAL_FORMS"]`);
    this.body = root.querySelector<HTMLElement>("[data-rows]") ?? root;
    root.addEventListener("input", () => this.sum());
    root.addEventListener("change", () => this.sum());
    root.addEventListener("click", (event) => this.clicked(event));
    this.sum();
  }

  private clicked(event: Event): void {
    const target = event.target as Element;
    if (target.closest("[data-add-row]")) this.add();
    const remover = target.closest("[data-remove-row]");
    if (remover) this.remove(remover.closest<HTMLElement>("[data-row]"));
  }

  private add(): void {
    const template = this.root.querySelector("template");
    if (!template || !this.total) return;
    const holder = document.createElement("template");
    holder.innerHTML = template.innerHTML.replaceAll("__prefix__", this.total.value);
    const row = holder.content.firstElementChild as HTMLElement | null;
    if (!row) return;
    this.body.append(row);
    htmx.process(row);
    this.total.value = String(Number(this.total.value) + 1);
    row.querySelector<HTMLElement>("input:not([type=hidden]), select, textarea")?.focus();
    this.root.dispatchEvent(new Event("change", { bubbles: true }));
  }

  /** A line that is stored already is marked for deletion; one that is not is emptied, which formsets skip. */
  private remove(row: HTMLElement | null): void {
    if (!row) return;
    const marker = row.querySelector<HTMLInputElement>("[name$='-DELETE']");
    if (marker) {
      if (marker.type === "checkbox") marker.checked = true;
      else marker.value = "on";
    } else row.querySelectorAll<HTMLInputElement>("input, select, textarea").forEach((field) => (field.value = ""));
    row.hidden = true;
    this.root.dispatchEvent(new Event("change", { bubbles: true }));
    this.root.querySelector<HTMLElement>("[data-add-row]")?.focus();
  }

  private sum(): void {
    const digits = Number(this.root.dataset["decimals"] ?? 2);
    const write = new Intl.NumberFormat(language, { minimumFractionDigits: digits, maximumFractionDigits: digits });
    let sum = 0;
    for (const row of this.root.querySelectorAll<HTMLElement>("[data-row]:not([hidden])")) {
      const read = (name: string): number => parseNumber(row.querySelector<HTMLInputElement>(`[data-${name}]`)?.value ?? "");
      const product = read("qty") * read("price");
      const rounded = Math.round((product + Number.EPSILON) * 10 ** digits) / 10 ** digits; // shown only; the server counts in decimals
      sum += rounded;
      const cell = row.querySelector("[data-line-total]");
      if (cell) cell.textContent = product ? write.format(rounded) : "";
    }
    for (const cell of this.root.querySelectorAll("[data-total]")) cell.textContent = write.format(sum);
  }
}

behaviour("[data-formset]", (root) => void new Lines(root));
