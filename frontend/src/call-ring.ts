/** Being rung: a banner in every open page, with a soft tone in one of them, until it is answered or over. */

import { within } from "./behave";
import { post } from "./http";
import { on, send } from "./socket";

const timers = new Map<string, number>();
const title = document.title;

function place(): HTMLElement {
  const known = document.querySelector<HTMLElement>(".rings");
  if (known) return known;
  const made = Object.assign(document.createElement("div"), { className: "rings", popover: "manual" });
  document.body.append(made);
  return made;
}

function end(call: string): void {
  window.clearTimeout(timers.get(call));
  timers.delete(call);
  document.querySelector(`[data-ring="${CSS.escape(call)}"]`)?.remove();
  if (timers.size) return;
  document.title = title;
  const shown = document.querySelector<HTMLElement>(".rings");
  if (shown?.matches(":popover-open")) shown.hidePopover();
}

/** Two soft tones every two seconds; where browsers keep sound back, the banner has to do. */
async function tone(call: string): Promise<void> {
  const audio = new AudioContext();
  while (timers.has(call) && audio.state === "running") {
    [0, 0.35].forEach((after) => {
      const [pitch, volume] = [audio.createOscillator(), audio.createGain()];
      pitch.frequency.value = 520;
      volume.gain.setTargetAtTime(0, audio.currentTime + after + 0.15, 0.05);
      volume.gain.value = 0.06;
      pitch.connect(volume).connect(audio.destination);
      pitch.start(audio.currentTime + after);
      pitch.stop(audio.currentTime + after + 0.3);
    });
    await new Promise((resume) => window.setTimeout(resume, 2000));
  }
  await audio.close();
}

on("call.ring", ({ call, html, seconds, who }) => {
  const id = String(call);
  if (document.querySelector(`#call[data-call="${CSS.escape(id)}"]`)) return; // this window is the call's own
  end(id);
  timers.set(id, window.setTimeout(() => end(id), Number(seconds) * 1000));
  const shown = place();
  shown.insertAdjacentHTML("beforeend", String(html));
  if (!shown.matches(":popover-open")) shown.showPopover();
  document.title = `☎ ${String(who)} · ${title}`;
  void navigator.locks?.request("filiera.ring", { ifAvailable: true }, async (lock) => lock && tone(id));
});
on("call.ring_over", ({ call }) => end(String(call)));
on("hello", () => void send({ do: "call.rings" }));

within("click", "[data-accept]", (link) => {
  const call = link.dataset["accept"] ?? "";
  localStorage.setItem(`call.accepted.${call}`, String(Date.now()));
  end(call);
});

within("click", "[data-decline]", (button) => {
  const call = button.closest<HTMLElement>("[data-ring]")?.dataset["ring"] ?? "";
  void post(button.dataset["decline"] ?? "").catch(() => undefined);
  end(call);
});
