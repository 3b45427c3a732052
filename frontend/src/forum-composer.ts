/** The box of a forum: names after @, quoting, preview, files pasted or dropped, Ctrl with Enter sends. */

import { behaviour, within } from "./behave";
import { post } from "./http";
import { Complete } from "./room-complete";
import { toast } from "./toast";

class ForumComposer {
  private readonly box: HTMLTextAreaElement;

  constructor(private readonly form: HTMLFormElement) {
    this.box = form.querySelector("textarea")!;
    const names = form.querySelector<HTMLElement>("[data-names]");
    const mentions = names ? new Complete(this.box, names, form.dataset) : null;
    this.box.addEventListener("keydown", (event) => {
      if (event.isComposing || mentions?.key(event)) return;
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      form.requestSubmit();
    });
    form.querySelector("[data-unreply]")?.addEventListener("click", () => this.answer("", ""));
    form.querySelector("[data-preview-toggle]")?.addEventListener("click", (event) => void this.preview(event.currentTarget as HTMLElement));
    this.acceptFiles();
    form.addEventListener("submit", () => form.querySelector("[type=submit]")?.setAttribute("aria-busy", "true"));
  }

  /** Puts words of a post into the box, each line behind ">", and notes whom one answers. */
  quote(article: HTMLElement, words: string): void {
    const lines = words.trim().split("\n").map((line) => `> ${line}`.trimEnd());
    const before = this.box.value.trimEnd();
    this.box.value = `${before ? `${before}\n\n` : ""}${lines.join("\n")}\n\n`;
    this.answer(article.dataset["post"] ?? "", article.dataset["who"] ?? "");
    this.box.focus();
    this.box.setSelectionRange(this.box.value.length, this.box.value.length);
    this.box.dispatchEvent(new Event("input", { bubbles: true }));
    this.form.scrollIntoView({ block: "nearest" });
  }

  private answer(key: string, who: string): void {
    const field = this.form.elements.namedItem("reply_to");
    const bar = this.form.querySelector<HTMLElement>("[data-replying]");
    if (field instanceof HTMLInputElement) field.value = key;
    if (!bar) return;
    bar.hidden = !key;
    bar.querySelector("span")!.textContent = who;
  }

  private async preview(button: HTMLElement): Promise<void> {
    const shown = this.form.querySelector<HTMLElement>("[data-shown]");
    if (!shown) return;
    const on = shown.hidden;
    if (on) {
      const response = await post(this.form.dataset["preview"] ?? "", new URLSearchParams({ body: this.box.value })).catch(() => null);
      if (!response?.ok) return;
      shown.innerHTML = await response.text();
    }
    shown.hidden = !on;
    this.box.hidden = on;
    button.setAttribute("aria-pressed", String(on));
    if (!on) this.box.focus();
  }

  private acceptFiles(): void {
    const picker = this.form.querySelector<HTMLInputElement>("input[type=file]");
    const words = this.form.querySelector<HTMLElement>("[data-files]");
    if (!picker) return;
    const add = (files: FileList | null | undefined, event: Event): void => {
      if (!files?.length) return;
      event.preventDefault();
      const all = new DataTransfer();
      for (const file of [...(picker.files ?? []), ...files]) all.items.add(file);
      picker.files = all.files;
      picker.dispatchEvent(new Event("change"));
    };
    picker.addEventListener("change", () => words && (words.textContent = [...(picker.files ?? [])].map((file) => file.name).join(", ")));
    this.box.addEventListener("paste", (event) => add(event.clipboardData?.files, event));
    this.form.addEventListener("dragover", (event) => event.preventDefault());
    this.form.addEventListener("drop", (event) => add(event.dataTransfer?.files, event));
  }
}

const composers = new WeakMap<HTMLElement, ForumComposer>();
behaviour("form[data-forum-composer]", (form) => void composers.set(form, new ForumComposer(form as HTMLFormElement)));

const answering = (): ForumComposer | undefined => {
  const form = document.querySelector<HTMLElement>("#reply form[data-forum-composer]");
  return form ? composers.get(form) : undefined;
};

within("click", "[data-quote]", (button) => {
  const article = button.closest<HTMLElement>("article.post");
  const chosen = window.getSelection();
  const inside = chosen && article?.contains(chosen.anchorNode) ? chosen.toString() : "";
  const words = inside || article?.querySelector<HTMLElement>("[data-words]")?.innerText || "";
  if (article) answering()?.quote(article, words);
});

within("click", "[data-reply]", (_link, event) => {
  event.preventDefault();
  const form = document.querySelector<HTMLElement>("#reply");
  form?.scrollIntoView({ block: "nearest" });
  form?.querySelector("textarea")?.focus();
});

within("click", "[data-copy-link]", async (button) => {
  await navigator.clipboard.writeText(new URL(button.dataset["copyLink"] ?? "", location.href).href);
  button.closest("details")?.removeAttribute("open");
  toast({ text: button.dataset["copied"] ?? "✓" });
});

/** Selected words of a post offer a button that quotes them. */
function articleOf(selection: Selection | null): HTMLElement | null {
  if (!selection || selection.isCollapsed) return null;
  const element = selection.anchorNode instanceof Element ? selection.anchorNode : (selection.anchorNode?.parentElement ?? null);
  return element?.closest("[data-words]")?.closest<HTMLElement>("article.post") ?? null;
}

document.addEventListener("selectionchange", () => {
  const button = document.querySelector<HTMLElement>("[data-quote-selection]");
  if (!button) return;
  const selection = window.getSelection();
  const article = articleOf(selection);
  button.hidden = !article;
  if (!article || !selection) return;
  const place = selection.getRangeAt(0).getBoundingClientRect();
  button.style.top = `${place.bottom + window.scrollY + 6}px`;
  button.style.left = `${Math.min(place.left, window.innerWidth - 110) + window.scrollX}px`;
});

within("pointerdown", "[data-quote-selection]", (button, event) => {
  event.preventDefault();
  const selection = window.getSelection();
  const article = articleOf(selection);
  if (article && selection) answering()?.quote(article, selection.toString());
  selection?.removeAllRanges();
  button.hidden = true;
});
