/** Files: drop them on [data-upload] or choose them; with an address they are sent at once, with progress. */

import { behaviour } from "./behave";
import { csrf, sentenceOf } from "./http";
import { offline, toast } from "./toast";

function describe(zone: HTMLElement, files: FileList): void {
  const words = zone.querySelector<HTMLElement>("span");
  const unit = new Intl.NumberFormat(document.documentElement.lang, { style: "unit", unit: "kilobyte", maximumFractionDigits: 0 });
  if (words && files.length) words.textContent = [...files].map((file) => `${file.name} · ${unit.format(file.size / 1000)}`).join(", ");
}

/** Sends one file; the zone gets "uploaded" with the answer's text. XMLHttpRequest, because fetch tells no progress. */
export function sendFile(zone: HTMLElement, url: string, file: File): void {
  const bar = Object.assign(document.createElement("progress"), { className: "bar", max: 1, value: 0 });
  bar.setAttribute("aria-label", file.name);
  zone.append(bar);
  const request = new XMLHttpRequest();
  request.open("POST", url);
  request.setRequestHeader("X-CSRFToken", csrf());
  request.upload.addEventListener("progress", (event) => (bar.value = event.loaded / (event.total || 1)));
  request.addEventListener("loadend", () => {
    bar.remove();
    if (request.status >= 200 && request.status < 300) {
      zone.dispatchEvent(new CustomEvent("uploaded", { detail: request.responseText, bubbles: true }));
      return;
    }
    const sentence = request.status ? sentenceOf(request.responseText, request.getResponseHeader("Content-Type")) : "";
    if (sentence) toast({ text: sentence, tone: "bad" });
    else offline();
  });
  const body = new FormData();
  body.append(zone.dataset["name"] ?? "file", file);
  request.send(body);
}

behaviour("[data-upload]", (zone) => {
  const input = zone.querySelector<HTMLInputElement>("input[type=file]");
  const url = zone.dataset["upload"];
  const take = (files: FileList | null): void => {
    if (!files?.length) return;
    describe(zone, files);
    if (url) [...files].forEach((file) => sendFile(zone, url, file));
  };
  zone.addEventListener("dragover", (event) => {
    event.preventDefault();
    zone.classList.add("over");
  });
  zone.addEventListener("dragleave", () => zone.classList.remove("over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    zone.classList.remove("over");
    const files = event.dataTransfer?.files ?? null;
    if (input && files && !url) input.files = files;
    take(files);
  });
  input?.addEventListener("change", () => take(input.files));
});
