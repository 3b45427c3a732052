/** The people of a call on the page: a tile each with name, picture, sound, who speaks, how good the connection is. */

import { Media, type Source, type State } from "./call-media";
import type { Quality } from "./call-quality";

export interface Person {
  id: number;
  name: string;
  org: string;
  mark: string;
  state: string;
  epoch: number;
}
type Words = DOMStringMap;
const SILENT: State = { mic: true, camera: false, screen: false };

export class Tile {
  readonly element: HTMLElement;
  private readonly video: HTMLVideoElement;
  private readonly audio: HTMLAudioElement;
  private state: State = SILENT;
  private tracks: Partial<Record<Source, MediaStreamTrack | null>> = {};
  private screen: HTMLElement | null = null;

  constructor(
    template: HTMLTemplateElement,
    private readonly person: Person,
    private readonly own: boolean,
    private readonly words: Words,
  ) {
    this.element = template.content.firstElementChild!.cloneNode(true) as HTMLElement;
    this.element.dataset["person"] = String(person.id);
    this.video = this.element.querySelector("video")!;
    this.audio = this.element.querySelector("audio")!;
    this.element.querySelector(".face")!.innerHTML = person.mark;
    this.element.querySelector(".tile-name")!.textContent = own ? `${person.name} (${words["wordsYou"] ?? ""})` : person.name;
    this.element.title = `${person.name}, ${person.org}`;
    this.element.classList.toggle("own", own);
    if (own) this.audio.remove();
    else Media.speak(this.audio);
    this.element.querySelector<HTMLElement>(".call-bars")!.hidden = own;
  }

  /** Shows these tracks, as far as the other side says that they are on. */
  show(tracks: Partial<Record<Source, MediaStreamTrack | null>>, state: State): void {
    [this.tracks, this.state] = [tracks, state];
    this.element.querySelector<HTMLElement>(".tile-muted")!.hidden = state.mic;
    attach(this.video, state.camera ? tracks.camera : null);
    if (!this.own) attach(this.audio, tracks.mic);
    this.showScreen();
  }

  /** A shared screen is a large tile of its own. */
  private showScreen(): void {
    const track = this.state.screen ? this.tracks.screen : null;
    if (!track || this.own) {
      this.screen?.remove();
      this.screen = null;
      return;
    }
    if (!this.screen) {
      this.screen = document.createElement("figure");
      this.screen.className = "tile shared";
      const caption = document.createElement("figcaption");
      caption.textContent = (this.words["wordsScreen"] ?? "").replace("{name}", this.person.name);
      const video = Object.assign(document.createElement("video"), { autoplay: true, muted: true, playsInline: true });
      this.screen.append(video, caption);
      this.element.parentElement?.prepend(this.screen);
    }
    attach(this.screen.querySelector("video")!, track);
  }

  /** Rings the tile of who speaks. */
  speaks(level: number): void {
    this.element.classList.toggle("speaking", this.state.mic && level > 0.02);
  }

  rate({ bars, ms, lost }: Quality, again: boolean): void {
    const sign = this.element.querySelector<HTMLElement>(".call-bars")!;
    const names = [again ? this.words["wordsAgain"] : this.words["wordsConnecting"], this.words["wordsWeak"], this.words["wordsFair"], this.words["wordsGood"]];
    sign.dataset["bars"] = String(bars);
    const figures = bars ? `: ${(this.words["wordsRtt"] ?? "").replace("{ms}", String(ms)).replace("{lost}", String(lost))}` : "";
    sign.setAttribute("aria-label", `${names[bars] ?? ""}${figures}`);
    sign.title = sign.getAttribute("aria-label")!;
    this.element.classList.toggle("connecting", bars === 0);
  }

  remove(): void {
    this.screen?.remove();
    this.element.remove();
  }
}

function attach(element: HTMLMediaElement, track: MediaStreamTrack | null | undefined): void {
  const shown = (element.srcObject as MediaStream | null)?.getTracks()[0] ?? null;
  if (element instanceof HTMLVideoElement) element.hidden = !track;
  if (shown === (track ?? null)) return;
  element.srcObject = track ? new MediaStream([track]) : null;
  if (track) void element.play().catch(() => element instanceof HTMLAudioElement && element.dispatchEvent(new CustomEvent("silent", { bubbles: true })));
}

/** Who was rung and did not come (yet), below the tiles. */
export function showWaiting(place: HTMLElement, people: Person[], words: Words): void {
  const said: Record<string, string | undefined> = { ringing: words["wordsRinging"], declined: words["wordsDeclined"], missed: words["wordsMissed"], busy: words["wordsBusy"], left: words["wordsLeft"] };
  place.replaceChildren(
    ...people
      .filter((person) => said[person.state])
      .map((person) => {
        const line = document.createElement("li");
        line.className = person.state;
        const name = document.createElement("strong");
        name.textContent = person.name;
        line.append(name, ` ${said[person.state] ?? ""}`);
        return line;
      }),
  );
}
