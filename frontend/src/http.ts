/** Requests that are not htmx's: small posts and fragments, with the CSRF token. */

export const csrf = (): string => document.querySelector<HTMLMetaElement>("meta[name=csrf-token]")?.content ?? "";

/** The fields of a form as text, without files: what a draft keeps. */
export function fieldsOf(form: HTMLFormElement): URLSearchParams {
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === "string") fields.append(name, value);
  return fields;
}

/** Posts form fields; rejects only when the portal did not answer. */
export function post(url: string, body: URLSearchParams | FormData = new URLSearchParams()): Promise<Response> {
  const headers = { "X-CSRFToken": csrf(), "X-Requested-With": "fetch", Accept: "application/json, text/html" };
  return fetch(url, { method: "POST", body, headers, credentials: "same-origin" });
}

/** Fetches a fragment of HTML as htmx would. */
export async function fragment(url: string, signal?: AbortSignal): Promise<string> {
  const options: RequestInit = { headers: { "HX-Request": "true" }, credentials: "same-origin" };
  if (signal) options.signal = signal;
  const response = await fetch(url, options);
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return response.text();
}

/** The sentence of an error answer: of an error page, of problem+json, or a plain text. */
export function sentenceOf(text: string, type: string | null): string {
  if (type?.includes("json")) {
    try {
      const problem = JSON.parse(text) as { detail?: unknown; error?: unknown };
      return String(problem.detail ?? problem.error ?? "");
    } catch {
      return "";
    }
  }
  if (!text.includes("<")) return text.slice(0, 300);
  const page = new DOMParser().parseFromString(text, "text/html");
  return page.querySelector("[data-error]")?.textContent?.trim() ?? "";
}
