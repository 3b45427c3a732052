/** A thread beside its room: its own box, and answers that arrive while it is open. */

import { behaviour } from "./behave";
import { post, sentenceOf } from "./http";
import { type Frame, join, on } from "./socket";

const parse = (html: string): HTMLElement | null => {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  return holder.content.firstElementChild as HTMLElement | null;
};

class Thread {
  private readonly log: HTMLElement;
  private readonly topic: string;
  private readonly root: string;

  constructor(private readonly page: HTMLElement) {
    this.log = page.querySelector<HTMLElement>("[data-thread-log]")!;
    this.topic = page.dataset["topicOf"] ?? "";
    this.root = page.dataset["thread"] ?? "";
    const stops = ["message", "edited"].map((type) =>
      on(type, (frame) => {
        if (!page.isConnected) stops.forEach((stop) => stop());
        else if (frame["topic"] === this.topic) this.show(frame);
      }),
    );
    if (!document.querySelector(`[data-topic="${CSS.escape(this.topic)}"]`)) join(this.topic, Number(page.dataset["last"]));
    const form = page.querySelector<HTMLFormElement>("[data-thread-form]");
    form?.addEventListener("submit", (event) => void this.send(form, event));
    form?.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
    });
    page.addEventListener("click", (event) => void this.react(event));
    this.log.scrollTop = this.log.scrollHeight;
  }

  private show({ html }: Frame): void {
    const made = parse(String(html));
    if (!made?.dataset["seq"]) return;
    const seq = made.dataset["seq"];
    made.id = `t-${seq}`;
    const known = this.log.querySelector(`[data-seq="${CSS.escape(seq)}"]`);
    if (known) known.replaceWith(made);
    else if (made.dataset["root"] === this.root) {
      this.log.append(made);
      this.log.scrollTop = this.log.scrollHeight;
    }
  }

  private async send(form: HTMLFormElement, event: Event): Promise<void> {
    event.preventDefault();
    const box = form.querySelector("textarea")!;
    const body = new FormData(form);
    body.set("client_id", crypto.randomUUID());
    const button = form.querySelector("button")!;
    button.disabled = true;
    const response = await post(form.action, body).catch(() => null);
    const text = (await response?.text()) ?? "";
    button.disabled = false;
    const said = response?.ok ? "" : sentenceOf(text, response?.headers.get("Content-Type") ?? null) || (this.page.dataset["wordsFailed"] ?? "");
    const place = form.querySelector<HTMLElement>("[data-thread-refusal]")!;
    place.textContent = said;
    place.hidden = !said;
    if (!response?.ok) return;
    box.value = "";
    this.show({ on: "message", ...(JSON.parse(text) as object) });
    box.focus();
  }

  private async react(event: Event): Promise<void> {
    const button = (event.target as Element).closest<HTMLElement>("[data-react]");
    const seq = button?.closest<HTMLElement>(".say")?.dataset["seq"];
    if (!button || !seq) return;
    const response = await post(`${this.page.dataset["url"]}m/${seq}/react/`, new URLSearchParams({ sign: button.dataset["react"] ?? "" })).catch(() => null);
    if (response?.ok) this.show({ on: "edited", ...((await response.json()) as object) });
  }
}

behaviour("[data-thread]", (page) => void new Thread(page));
