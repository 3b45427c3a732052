/** A topic: goes to what is new, and notes how far one has read, once it was on the screen of an open tab. */

import { behaviour } from "./behave";
import { post } from "./http";

const DWELL = 700; // milliseconds that a post must stay on the screen to count as read

behaviour("#topic[data-read-url]", (topic) => {
  let read = Number(topic.dataset["read"]);
  let wanted = read;
  let timer = 0;

  async function note(): Promise<void> {
    if (wanted <= read || document.hidden) return;
    const seq = wanted;
    const response = await post(topic.dataset["readUrl"] ?? "", new URLSearchParams({ seq: String(seq) })).catch(() => null);
    if (response?.ok) read = Math.max(read, seq);
  }

  const watch = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      const seq = Number((entry.target.closest<HTMLElement>("article.post") ?? (entry.target as HTMLElement)).dataset["seq"]);
      if (entry.isIntersecting && seq > wanted) wanted = seq;
    }
    window.clearTimeout(timer);
    timer = window.setTimeout(() => void note(), DWELL);
  });
  const seen = new WeakSet<Element>();
  const observe = (): void => {
    for (const article of topic.querySelectorAll("article.post[data-seq] header")) {
      if (seen.has(article)) continue;
      seen.add(article);
      watch.observe(article);
    }
  };
  observe();
  new MutationObserver(observe).observe(topic, { childList: true, subtree: true });
  document.addEventListener("visibilitychange", () => void note());
  if (!location.hash) topic.querySelector("#new")?.scrollIntoView({ block: "center" });
});
