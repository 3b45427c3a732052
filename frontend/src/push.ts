/** Notifications of this browser: asks the person, subscribes at the push service, tells the portal. */

import { behaviour } from "./behave";
import { csrf, sentenceOf } from "./http";
import { offline, toast } from "./toast";

const able = (): boolean => "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;

/** The key that the portal signs with, as the browser wants it. */
function octets(text: string): Uint8Array<ArrayBuffer> {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

class Device {
  private readonly button: HTMLButtonElement | null;
  private readonly words: HTMLElement | null;

  constructor(private readonly root: HTMLElement) {
    this.button = root.querySelector("button");
    this.words = root.querySelector("[data-push-says]");
    this.button?.addEventListener("click", () => void this.ask());
    void this.show();
  }

  private async show(): Promise<void> {
    if (!able()) return this.say(this.root.dataset["unable"]);
    if (Notification.permission === "denied") return this.say(this.root.dataset["denied"]);
    const registration = await navigator.serviceWorker.getRegistration("/");
    const known = await registration?.pushManager.getSubscription();
    const key = known?.options.applicationServerKey;
    const same = key != null && new Uint8Array(key).join() === octets(this.root.dataset["pushKey"] ?? "").join();
    if (known && same && this.root.dataset["devices"] !== "0") this.say(this.root.dataset["on"]);
    else if (this.button) this.button.hidden = false;
  }

  private say(words = ""): void {
    if (this.words) this.words.textContent = words;
    if (this.button) this.button.hidden = true;
  }

  private async ask(): Promise<void> {
    if ((await Notification.requestPermission()) !== "granted") return this.say(this.root.dataset["denied"]);
    try {
      await this.subscribe();
    } catch {
      toast({ text: this.root.dataset["failed"] ?? "", tone: "bad" });
    }
  }

  private async subscribe(): Promise<void> {
    const registration = await navigator.serviceWorker.register("/sw.js", { scope: "/" });
    await navigator.serviceWorker.ready;
    await (await registration.pushManager.getSubscription())?.unsubscribe();
    const applicationServerKey = octets(this.root.dataset["pushKey"] ?? "");
    const subscription = await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey });
    const headers = { "Content-Type": "application/json", "X-CSRFToken": csrf(), Accept: "application/json" };
    const body = JSON.stringify(subscription);
    const answer = await fetch(this.root.dataset["push"] ?? "", { method: "POST", headers, body }).catch(() => null);
    if (!answer) return offline();
    if (answer.ok) return location.reload();
    toast({ text: sentenceOf(await answer.text(), answer.headers.get("Content-Type")), tone: "bad" });
  }
}

behaviour("[data-push]", (root) => void new Device(root));
