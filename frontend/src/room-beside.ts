/** What stands beside a room: threads, pins, saved messages, who has read. Buttons carry data-beside. */

import { behaviour, within } from "./behave";
import { post, sentenceOf } from "./http";
import { openPanel } from "./panel";
import { toast } from "./toast";

interface Answer {
  html?: string;
  text?: string;
  error?: string;
}

const placeOf = (say: HTMLElement): { url: string; seq: string } | null => {
  const sheet = say.closest<HTMLElement>("[data-topic], [data-thread]");
  const url = sheet?.dataset["url"];
  const seq = say.dataset["seq"];
  return url && seq ? { url, seq } : null;
};

/** Marks a message as saved by the reader, or no longer, wherever it stands on the page. */
function markSaved(seq: string, saved: boolean): void {
  for (const sheet of document.querySelectorAll<HTMLElement>("[data-saved-here]")) {
    const known = new Set((sheet.dataset["savedHere"] ?? "").split(" ").filter(Boolean));
    if (saved) known.add(seq);
    else known.delete(seq);
    sheet.dataset["savedHere"] = [...known].join(" ");
  }
  for (const say of document.querySelectorAll(`.say[data-seq="${CSS.escape(seq)}"]`)) say.toggleAttribute("data-saved-mine", saved);
}

behaviour(".say", (say) => {
  const known = say.closest<HTMLElement>(".room")?.querySelector<HTMLElement>("[data-saved-here]")?.dataset["savedHere"] ?? "";
  say.toggleAttribute("data-saved-mine", known.split(" ").includes(say.dataset["seq"] ?? "-"));
});

async function change(url: string, fields: Record<string, string>): Promise<Answer | null> {
  const response = await post(url, new URLSearchParams(fields)).catch(() => null);
  const text = (await response?.text()) ?? "";
  if (response?.ok) return JSON.parse(text) as Answer;
  toast({ text: sentenceOf(text, response?.headers.get("Content-Type") ?? null), tone: "bad" });
  return null;
}

within("click", "[data-beside]", (button, event) => {
  const say = button.closest<HTMLElement>(".say");
  const place = say && placeOf(say);
  if (!say || !place) return;
  event.preventDefault();
  const base = `${place.url}m/${place.seq}/`;
  const act = button.dataset["beside"] ?? "";
  if (act === "thread" || act === "about") openPanel(`${base}${act}/`, button);
  else if (act === "save" || act === "unsave") void keep(base, place.seq, act === "save");
  else if (act === "pin" || act === "unpin") void change(`${base}pin/`, { pinned: act === "pin" ? "1" : "0" }).then((done) => done && toast({ text: done.text ?? "" }));
});

async function keep(base: string, seq: string, saved: boolean): Promise<void> {
  const done = await change(`${base}save/`, { saved: saved ? "1" : "0" });
  if (!done) return;
  markSaved(seq, saved);
  toast({ text: done.text ?? "" });
}
