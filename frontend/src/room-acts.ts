/** What is done to single messages: the tools that appear beside them, signs, changing, taking back. */

import { post, sentenceOf } from "./http";
import type { Composer } from "./room-composer";
import { isMine, numberOf } from "./room-lines";
import type { Log } from "./room-log";
import { toast } from "./toast";

export class Acts {
  private readonly url: string;

  constructor(
    private readonly sheet: HTMLElement,
    private readonly log: Log,
    private readonly composer: Composer | null,
  ) {
    this.url = sheet.dataset["url"] ?? "";
    sheet.addEventListener("click", (event) => this.clicked(event));
    sheet.addEventListener("submit", (event) => this.submitted(event));
    for (const type of ["pointerover", "focusin", "click"]) sheet.addEventListener(type, (event) => this.offerTools(event));
  }

  private offerTools(event: Event): void {
    const say = (event.target as Element).closest<HTMLElement>(".say:not(.waiting, .deleted)");
    const template = this.sheet.querySelector<HTMLTemplateElement>("[data-tools]");
    if (!say || !template || say.querySelector(".tools")) return;
    this.sheet.querySelectorAll(".say > .tools").forEach((tools) => tools.remove());
    say.append(template.content.cloneNode(true));
    if (!isMine(say)) say.querySelectorAll(".tools [data-own]").forEach((button) => button.remove());
  }

  private clicked(event: Event): void {
    const button = (event.target as Element).closest<HTMLElement>("[data-react], [data-do]");
    const say = button?.closest<HTMLElement>(".say");
    if (!button || !say) return;
    const { react, do: act } = button.dataset;
    if (react) void this.change(say, "react", new URLSearchParams({ sign: react }));
    else if (act === "reply") this.composer?.reply(say);
    else if (act === "edit") this.composer?.edit(say);
    else if (act === "link") void navigator.clipboard?.writeText(`${location.origin}${this.url}?at=${numberOf(say)}#m-${numberOf(say)}`).then(() => toast({ text: this.sheet.dataset["wordsCopied"] ?? "" }));
  }

  /** Deleting is a form, so that the page asks first. */
  private submitted(event: SubmitEvent): void {
    const say = (event.target as Element).closest<HTMLElement>(".say");
    if (!say || !(event.target as Element).matches("[data-delete]")) return;
    event.preventDefault();
    void this.change(say, "delete");
  }

  private async change(say: HTMLElement, what: string, body = new URLSearchParams()): Promise<void> {
    const response = await post(`${this.url}m/${numberOf(say)}/${what}/`, body).catch(() => null);
    const text = (await response?.text()) ?? "";
    if (response?.ok) this.log.replace((JSON.parse(text) as { html: string }).html, numberOf(say));
    else toast({ text: sentenceOf(text, response?.headers.get("Content-Type") ?? null) || (this.sheet.dataset["wordsFailed"] ?? ""), tone: "bad" });
  }
}
