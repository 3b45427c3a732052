/** Links to records in a message open into a card, as far as this reader may see them. */

import { behaviour } from "./behave";

const MOST = 3; // cards under one message
const RECORD = /^\/(?:deals|orders)\/\d+\/$/;
const known = new Map<string, Promise<string>>();

/** The card of an address; empty for what the reader may not see. Asked for once a page. */
function card(path: string): Promise<string> {
  const asked = known.get(path);
  if (asked) return asked;
  const answer = fetch(`/rooms/unfold/?path=${encodeURIComponent(path)}`, { headers: { "HX-Request": "true" }, credentials: "same-origin" })
    .then((response) => (response.ok && !response.redirected ? response.text() : ""))
    .catch(() => "");
  known.set(path, answer);
  return answer;
}

async function open(text: HTMLElement, paths: string[]): Promise<void> {
  const cards = await Promise.all(paths.map(card));
  const html = cards.join("").trim();
  const log = text.closest<HTMLElement>("[data-log]");
  if (!html || !text.isConnected) return;
  const end = log ? log.scrollHeight - log.scrollTop - log.clientHeight < 40 : false;
  text.insertAdjacentHTML("afterend", html);
  if (log && end) log.scrollTop = log.scrollHeight;
}

const seen = new IntersectionObserver((entries, watcher) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    watcher.unobserve(target);
    const links = [...target.querySelectorAll<HTMLAnchorElement>("a[href]")].filter((link) => link.origin === location.origin);
    const paths = [...new Set(links.map((link) => link.pathname))].filter((path) => RECORD.test(path));
    void open(target as HTMLElement, paths.slice(0, MOST));
  }
});

behaviour(".say .text", (text) => {
  if (text.querySelector("a[href]")) seen.observe(text);
});
