/** The window of a call: the lobby, then the stage with its controls, then what is said once it is over. */

import { behaviour } from "./behave";
import { Media, type Source } from "./call-media";
import { qualityOf } from "./call-quality";
import { type Seat, Session } from "./call-session";
import { type Person, showWaiting, Tile } from "./call-tiles";
import { post, sentenceOf } from "./http";
import { toast } from "./toast";

const ACCEPTED = 20_000; // milliseconds for which pressing "Accept" counts in the window that it opens
const LOUD = 120; // milliseconds between two looks at who speaks
const RATE = 2000;

class CallWindow {
  private session: Session | null = null;
  private seat: Seat | null = null;
  private readonly tiles = new Map<number, Tile>();
  private readonly media = new Media((source) => this.changed(source));
  private readonly words: DOMStringMap;
  private readonly me = Number(document.body.dataset["member"]);
  private begun = 0;

  constructor(private readonly root: HTMLElement) {
    this.words = root.dataset;
    if ("overAlready" in root.dataset || "barred" in root.dataset) return;
    this.media.offerDevices(this.words["wordsDefault"] ?? "");
    this.find("[data-lobby-form]").addEventListener("submit", (event) => (event.preventDefault(), void this.go()));
    this.find("[data-with-camera]").addEventListener("change", (event) => void this.preview((event.target as HTMLInputElement).checked));
    root.addEventListener("click", (event) => this.clicked(event.target as Element));
    root.addEventListener("silent", () => this.unlock());
    window.setInterval(() => this.loudness(), LOUD);
    window.setInterval(() => void this.rate(), RATE);
    window.setInterval(() => this.clock(), 500);
    void this.prepare();
  }

  private find = <T extends HTMLElement>(selector: string): T => this.root.querySelector<T>(selector)!;

  /** The microphone first, so that its level shows; who accepted a ring is in at once. */
  private async prepare(): Promise<void> {
    const accepted = Number(localStorage.getItem(`call.accepted.${this.words["call"] ?? ""}`) ?? 0);
    localStorage.removeItem(`call.accepted.${this.words["call"] ?? ""}`);
    if (!(await this.media.open("mic"))) this.refuse(this.words["wordsNomic"]);
    this.media.offerDevices(this.words["wordsDefault"] ?? "");
    if (Date.now() - accepted < ACCEPTED) await this.go();
  }

  private async preview(wanted: boolean): Promise<void> {
    if (!wanted) this.media.stop("camera");
    else if (!(await this.media.open("camera"))) this.refuse(this.words["wordsNocamera"]);
  }

  private refuse(reason: string | undefined): void {
    const place = this.find("[data-refusal]");
    place.textContent = reason ?? "";
    place.hidden = !reason;
  }

  /** Starts the call, or joins it. */
  private async go(): Promise<void> {
    if (this.session) return;
    const button = this.find<HTMLButtonElement>("[data-go]");
    const form = new FormData(this.find<HTMLFormElement>("[data-lobby-form]"));
    const body = new URLSearchParams(form.getAll("ring").map((member): [string, string] => ["ring", String(member)]));
    button.setAttribute("aria-busy", "true");
    const response = await post(this.words["url"] ? `${this.words["url"]}join/` : this.words["start"]!, body).catch(() => null);
    const text = (await response?.text()) ?? "";
    button.removeAttribute("aria-busy");
    if (response?.ok) this.enter(JSON.parse(text) as Seat);
    else this.refuse(sentenceOf(text, response?.headers.get("Content-Type") ?? null) || this.words["wordsOffline"]);
  }

  private enter(seat: Seat): void {
    this.seat = seat;
    this.begun = performance.now() - seat.seconds * 1000;
    history.replaceState(null, "", seat.url);
    this.find("[data-lobby]").hidden = true;
    this.find("[data-stage]").hidden = false;
    this.find("[data-control=screen]").hidden = !navigator.mediaDevices?.getDisplayMedia;
    this.session = new Session(seat, this.me, this.media, { changed: () => this.show(), over: (why, reason) => this.over(why, reason) });
    this.root.focus();
    this.show();
  }

  /** Draws what is known now. */
  private show(): void {
    if (!this.session) return;
    const own = this.session.people.find((each) => each.id === this.me);
    const here = new Map<number, Person>([...(own ? [own] : []), ...[...this.session.others.values()].map(({ person }) => person)].map((each) => [each.id, each]));
    for (const [id, tile] of this.tiles) if (!here.has(id)) this.tiles.delete(id), tile.remove();
    for (const person of here.values()) if (!this.tiles.has(person.id)) this.addTile(person);
    this.tiles.get(this.me)?.show(this.media.tracks, this.media.state);
    for (const [id, other] of this.session.others) this.tiles.get(id)?.show(Session.tracksOf(other), other.state);
    showWaiting(this.find("[data-waiting]"), this.session.people, this.words);
    const place = this.find("[data-tiles]");
    place.dataset["count"] = String(here.size);
    place.classList.toggle("with-screen", place.querySelector(".shared") !== null);
    this.notice(here.size < 2 ? this.words["wordsAlone"] : this.media.state.mic ? "" : this.words["wordsMuted"]);
  }

  private addTile(person: Person): void {
    const tile = new Tile(this.find<HTMLTemplateElement>("template[data-tile]"), person, person.id === this.me, this.words);
    this.tiles.set(person.id, tile);
    this.find("[data-tiles]").append(tile.element);
  }

  private notice(text: string | undefined): void {
    const place = this.find("[data-notice]");
    place.hidden = !text;
    if (place.textContent !== (text ?? "")) place.textContent = text ?? "";
  }

  private changed(source: Source): void {
    this.session?.sourceChanged(source);
    const { mic, camera, screen } = this.media.state;
    for (const [name, value] of Object.entries({ mic, camera, screen })) this.find(`[data-control=${name}]`).setAttribute("aria-pressed", String(value));
    const preview = this.find<HTMLVideoElement>("[data-preview]");
    preview.hidden = !camera;
    preview.srcObject = this.media.tracks.camera ? new MediaStream([this.media.tracks.camera]) : null;
    this.show();
  }

  private clicked(target: Element): void {
    const control = target.closest<HTMLElement>("[data-control]")?.dataset["control"];
    const ring = target.closest<HTMLButtonElement>("[data-ring-member]");
    if (control === "leave") this.session?.leave();
    else if (control) void this.toggle(control as Source);
    else if (ring) void this.ring(ring);
  }

  private async toggle(source: Source): Promise<void> {
    const { tracks } = this.media;
    if (source === "mic") return void ((await this.media.toggleMic()) || toast({ text: this.words["wordsNomic"] ?? "", tone: "bad" }));
    if (tracks[source]) return this.media.stop(source);
    const opened = source === "camera" ? await this.media.open("camera") : await this.media.openScreen();
    if (!opened) toast({ text: this.words[source === "camera" ? "wordsNocamera" : "wordsNoscreen"] ?? "", tone: "bad" });
  }

  private async ring(button: HTMLButtonElement): Promise<void> {
    const response = await post(`${this.seat?.url ?? ""}ring/`, new URLSearchParams({ ring: button.dataset["ringMember"] ?? "" })).catch(() => null);
    if (response?.ok) return button.closest("dialog")?.close();
    const text = (await response?.text()) ?? "";
    toast({ text: sentenceOf(text, response?.headers.get("Content-Type") ?? null) || (this.words["wordsOffline"] ?? ""), tone: "bad" });
  }

  private loudness(): void {
    const own = this.media.level();
    if (!this.session) return void (this.find<HTMLMeterElement>("[data-level]").value = own);
    this.tiles.get(this.me)?.speaks(own);
    for (const [id, { link }] of this.session.others) {
      const heard = link?.pc.getTransceivers()[0]?.receiver.getSynchronizationSources()[0]?.audioLevel ?? 0;
      this.tiles.get(id)?.speaks(heard);
    }
  }

  private async rate(): Promise<void> {
    for (const [id, { link, was }] of this.session?.others ?? []) {
      this.tiles.get(id)?.rate(link ? await qualityOf(link.pc) : { bars: 0, ms: 0, lost: 0 }, was);
    }
  }

  private clock(): void {
    if (!this.session) return;
    const seconds = Math.floor((performance.now() - this.begun) / 1000);
    const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), String(seconds % 60).padStart(2, "0")];
    const place = this.find("[data-clock]");
    place.hidden = false;
    place.textContent = hours ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
  }

  /** Browsers keep sound back until somebody touches the page. */
  private unlock(): void {
    this.notice(this.words["wordsSilent"]);
    const play = (): void => (this.root.querySelectorAll("audio").forEach((each) => void each.play().catch(() => undefined)), this.show());
    for (const type of ["pointerdown", "keydown"]) window.addEventListener(type, play, { once: true });
  }

  private over(why: string, reason: string): void {
    this.session = null;
    this.media.stopAll();
    this.tiles.forEach((tile) => tile.remove());
    this.tiles.clear();
    document.querySelectorAll<HTMLDialogElement>("dialog[open]").forEach((dialog) => dialog.close());
    this.find("[data-stage]").hidden = true;
    this.find("[data-over]").hidden = false;
    this.find("[data-over]").dataset["why"] = why;
    this.find("[data-reason]").textContent = reason || (this.words[why === "left" ? "wordsGone" : "wordsOver"] ?? "");
    this.find<HTMLElement>("[data-again]").focus();
  }
}

behaviour("[data-call]", (root) => void new CallWindow(root));
