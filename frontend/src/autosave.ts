/** A form that saves its draft by itself: data-autosave="url". What could not be sent is kept in this browser. */

import { behaviour } from "./behave";
import { fieldsOf, post } from "./http";

const PAUSE = 900;

class Draft {
  private timer = 0;
  private busy = false;
  private again = false;

  constructor(private readonly form: HTMLFormElement) {
    form.addEventListener("input", () => this.later());
    form.addEventListener("change", () => this.later());
    form.addEventListener("submit", () => this.forget());
    window.addEventListener("online", () => this.kept() && void this.save());
    this.restore();
  }

  private get name(): string {
    return `draft:${document.body.dataset["member"] ?? ""}:${this.form.dataset["autosave"] ?? ""}`;
  }

  private kept(): string | null {
    return localStorage.getItem(this.name);
  }

  private forget(): void {
    window.clearTimeout(this.timer);
    localStorage.removeItem(this.name);
  }

  private later(): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.save(), PAUSE);
  }

  private async save(): Promise<void> {
    if (this.busy) {
      this.again = true;
      return;
    }
    this.busy = true;
    this.mark("saving");
    const fields = fieldsOf(this.form);
    try {
      const response = await post(this.form.dataset["autosave"] ?? "", fields);
      if (!response.ok) throw new Error(String(response.status));
      await this.saved(response);
    } catch {
      fields.delete("csrfmiddlewaretoken");
      localStorage.setItem(this.name, fields.toString());
      this.mark("failed");
    }
    this.busy = false;
    if (this.again) this.later();
    this.again = false;
  }

  /** The first save of a new draft may answer where it lives from now on: {"autosave", "page", "action", "fields"}. */
  private async saved(response: Response): Promise<void> {
    localStorage.removeItem(this.name);
    this.mark("saved");
    if (!response.headers.get("Content-Type")?.includes("json")) return;
    const answer = (await response.json()) as { autosave?: string; page?: string; action?: string; fields?: Record<string, string> };
    if (answer.autosave) this.form.dataset["autosave"] = answer.autosave;
    if (answer.action) this.form.action = answer.action;
    if (answer.page) history.replaceState(null, "", answer.page);
    for (const [name, value] of Object.entries(answer.fields ?? {})) {
      const field = this.form.elements.namedItem(name);
      if (field instanceof HTMLInputElement) field.value = value;
    }
  }

  private restore(): void {
    const kept = this.kept();
    if (!kept) return;
    for (const [name, value] of new URLSearchParams(kept)) {
      const field = this.form.elements.namedItem(name);
      if (field instanceof HTMLInputElement && ["checkbox", "radio"].includes(field.type)) field.checked = true;
      else if (field && "value" in field) field.value = value;
    }
    this.later();
  }

  private mark(state: "saving" | "saved" | "failed"): void {
    const mark = this.form.querySelector<HTMLElement>("[data-autosave-mark]") ?? document.querySelector<HTMLElement>("[data-autosave-mark]");
    if (!mark) return;
    const clock = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hour12: false });
    mark.dataset["state"] = state;
    mark.textContent = `${mark.dataset[`text${state[0]?.toUpperCase()}${state.slice(1)}`] ?? ""}${state === "saved" ? ` ${clock}` : ""}`;
  }
}

behaviour("form[data-autosave]", (form) => void new Draft(form as HTMLFormElement));
