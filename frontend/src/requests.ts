/** What holds for every htmx request: the CSRF token, errors as toasts, an ended session leads to the sign-in page. */

import { csrf, sentenceOf } from "./http";
import { offline, toast } from "./toast";

interface Context {
  request: { method: string; headers: Record<string, string> };
  response?: { status: number; headers: Headers; raw: Response };
  text?: string;
  sourceElement: Element;
}

const SPOKEN = new Set([401, 403, 404, 413, 429]);

const contextOf = (event: Event): Context | undefined => (event as CustomEvent<{ ctx?: Context }>).detail.ctx;
const isPage = (text: string): boolean => /^\s*<!doctype/i.test(text);

document.addEventListener("htmx:config:request", (event) => {
  const request = contextOf(event)?.request;
  if (request && request.method.toUpperCase() !== "GET") request.headers["X-CSRFToken"] = csrf();
});

document.addEventListener("htmx:after:request", (event) => {
  const context = contextOf(event);
  const response = context?.response;
  if (!context || !response) return;
  const text = context.text ?? "";
  if (response.status < 400) {
    if (!response.raw.redirected || !isPage(text)) return;
    event.preventDefault(); // a redirect led to a whole page, such as the sign-in: go there instead of swapping it in
    location.assign(response.raw.url);
    return;
  }
  if (response.status < 500 && !SPOKEN.has(response.status) && !isPage(text)) return; // a form with its errors
  event.preventDefault();
  const sentence = sentenceOf(text, response.headers.get("Content-Type"));
  if (sentence) toast({ text: sentence, tone: "bad" });
  else offline();
});

document.addEventListener("htmx:error", (event) => {
  const context = contextOf(event);
  if (context && !context.response) offline();
});
