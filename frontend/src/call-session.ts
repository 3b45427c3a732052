/** One call of this tab: its seat at the portal, and a link to each of the others. What it shows is the window's matter. */

import { Link, type Signal } from "./call-link";
import { type Media, SOURCES, type Source, type State } from "./call-media";
import type { Person } from "./call-tiles";
import { csrf, post, sentenceOf } from "./http";
import { type Frame, on, send } from "./socket";

export interface Seat {
  call: number;
  url: string;
  tab: string;
  epoch: number;
  seconds: number;
  ice: RTCIceServer[];
}
export interface Other {
  person: Person;
  link: Link | null;
  state: State;
  since: number; // when the tab learned of them, or last greeted them
  was: boolean; // whether they were connected before
}
interface Ear {
  changed: () => void;
  over: (why: string, reason: string) => void;
}

const WATCH = 3000;
const GREET_AGAIN = 7000; // somebody without a link for so long is greeted again
const UNKNOWN: State = { mic: true, camera: false, screen: false };
const newName = (): string => crypto.getRandomValues(new Uint32Array(3)).join("-");

export class Session {
  readonly others = new Map<number, Other>();
  people: Person[] = [];
  private readonly stops: (() => void)[];
  private readonly watch: number;
  private rejoining = false;

  constructor(
    private seat: Seat,
    private readonly me: number,
    private readonly media: Media,
    private readonly ear: Ear,
  ) {
    this.stops = [
      on("hello", () => this.enter()),
      on("call.entered", (frame) => this.mine(frame) && this.entered(frame)),
      on("call.roster", (frame) => this.mine(frame) && this.roster(frame)),
      on("call.signal", (frame) => this.mine(frame) && this.hear(frame)),
      on("call.out", (frame) => this.mine(frame) && this.out(String(frame["why"]), String(frame["reason"]))),
    ];
    this.watch = window.setInterval(() => this.look(), WATCH);
    window.addEventListener("online", this.restart);
    window.addEventListener("pagehide", this.gone);
    this.enter();
  }

  private mine = (frame: Frame): boolean => frame["call"] === this.seat.call;
  private enter = (): void => void send({ do: "call.enter", call: this.seat.call, tab: this.seat.tab });
  private restart = (): void => this.others.forEach(({ link }) => link && !link.connected && link.restart());

  /** The portal took the seat: greet everybody to whom there is no sound link. */
  private entered(frame: Frame): void {
    this.seat.epoch = Number(frame["epoch"]);
    this.roster(frame);
    for (const other of this.others.values()) if (!other.link?.settled) this.greet(other);
    this.tellState();
  }

  private roster(frame: Frame): void {
    this.people = frame["people"] as Person[];
    if (frame["ended"]) return this.end("over", "");
    const joined = new Map(this.people.filter((each) => each.state === "joined" && each.id !== this.me).map((each) => [each.id, each]));
    for (const [id, other] of this.others) if (joined.get(id)?.epoch !== other.person.epoch) this.forget(id);
    for (const person of joined.values()) if (!this.others.has(person.id)) this.meet(person);
    this.ear.changed();
  }

  private meet(person: Person): Other {
    const other: Other = { person, link: null, state: UNKNOWN, since: Date.now(), was: false };
    this.others.set(person.id, other);
    return other;
  }

  private forget(id: number): void {
    this.others.get(id)?.link?.close();
    this.others.delete(id);
  }

  /** Asks the other side to begin: whoever is greeted offers, so that an offer always finds somebody who listens. */
  private greet(other: Other): void {
    other.link?.close();
    other.link = null;
    other.since = Date.now();
    this.say(other, { link: "", hello: true });
  }

  private link(other: Other, id: string, first: boolean): Link {
    other.link?.close();
    other.link = new Link(
      id,
      {
        polite: this.me > other.person.id,
        ice: this.seat.ice,
        tracks: this.media.tracks,
        send: (signal) => this.say(other, signal),
        changed: () => this.ear.changed(),
        stuck: () => this.greet(other),
      },
      first,
    );
    return other.link;
  }

  private say(other: Other, signal: Signal): void {
    const data = signal.description || signal.hello ? { ...signal, state: this.media.state } : signal;
    send({ do: "call.signal", call: this.seat.call, to: other.person.id, data: { ...data, for: other.person.epoch } });
  }

  private hear(frame: Frame): void {
    const signal = frame["data"] as Signal;
    const other = this.others.get(Number(frame["from"]));
    if (!other || frame["epoch"] !== other.person.epoch || signal.for !== this.seat.epoch) return; // of an earlier stay
    if (signal.state) other.state = signal.state;
    if (signal.hello) this.link(other, newName(), true);
    else if (signal.link === other.link?.id) other.link.take(signal);
    else if (signal.description?.type === "offer") this.adopt(other, signal);
    this.ear.changed();
  }

  /** An offer of another link: the other side began anew, or both began at once and the polite one gives way. */
  private adopt(other: Other, signal: Signal): void {
    const both = other.link?.unanswered && this.me < other.person.id;
    if (!both) this.link(other, signal.link, false).take(signal);
  }

  private look(): void {
    for (const other of this.others.values()) {
      other.was ||= !!other.link?.connected;
      if (other.link?.pc.connectionState === "closed") this.greet(other);
      else if (!other.link && Date.now() - other.since > GREET_AGAIN) this.greet(other);
    }
  }

  /** Sends what a source gives now, and tells the others whether it is on. */
  sourceChanged(source: Source): void {
    for (const { link } of this.others.values()) link?.replace(source);
    this.tellState();
  }

  private tellState(): void {
    for (const other of this.others.values()) this.say(other, { link: other.link?.id ?? "", state: this.media.state });
  }

  /** What comes from somebody. */
  static tracksOf({ link }: Other): Partial<Record<Source, MediaStreamTrack | null>> {
    return Object.fromEntries(SOURCES.map((source, index) => [source, link?.received[index] ?? null]));
  }

  private out(why: string, reason: string): void {
    if (why === "lost") void this.rejoin(reason);
    else this.end(why, reason);
  }

  /** The seat lapsed while the line was down: take it again, if one may. */
  private async rejoin(reason: string): Promise<void> {
    if (this.rejoining) return;
    this.rejoining = true;
    const response = await post(`${this.seat.url}join/`, new URLSearchParams({ tab: this.seat.tab })).catch(() => null);
    this.rejoining = false;
    if (!response) return void window.setTimeout(() => void this.rejoin(reason), 2000);
    const text = await response.text();
    if (!response.ok) return this.end("lost", sentenceOf(text, response.headers.get("Content-Type")) || reason);
    this.seat = JSON.parse(text) as Seat;
    this.enter();
  }

  private gone = (): void => {
    navigator.sendBeacon(`${this.seat.url}leave/`, new URLSearchParams({ tab: this.seat.tab, csrfmiddlewaretoken: csrf() }));
  };

  /** Hangs up. */
  leave(): void {
    void post(`${this.seat.url}leave/`, new URLSearchParams({ tab: this.seat.tab, hang_up: "1" })).catch(this.gone);
    this.end("left", "");
  }

  private end(why: string, reason: string): void {
    this.stops.forEach((stop) => stop());
    window.clearInterval(this.watch);
    window.removeEventListener("online", this.restart);
    window.removeEventListener("pagehide", this.gone);
    for (const id of [...this.others.keys()]) this.forget(id);
    this.ear.over(why, reason);
  }
}
