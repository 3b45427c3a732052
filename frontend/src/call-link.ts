/** The connection to one other tab: perfect negotiation (W3C WebRTC, 10.7), and a new path when the network changes. */

import { SOURCES, type Source } from "./call-media";

export interface Signal {
  link: string;
  for?: number;
  hello?: boolean;
  description?: RTCSessionDescriptionInit;
  candidates?: RTCIceCandidateInit[];
  state?: Record<Source, boolean>;
}

interface Sides {
  polite: boolean; // gives way when both offer at once
  ice: RTCIceServer[];
  tracks: Record<Source, MediaStreamTrack | null>;
  send: (signal: Signal) => void;
  changed: () => void;
  stuck: () => void; // no path was found in time: begin anew
}

const GATHER = 60; // milliseconds in which several candidates become one signal
const BLINK = 3000; // a path that is away for so long is sought anew
const PATIENCE = 12_000; // without a connection for so long everything begins anew

export class Link {
  readonly pc: RTCPeerConnection;
  /** What comes from the other side, in the order of SOURCES. */
  readonly received: MediaStreamTrack[] = [];
  private making = false;
  private ignoring = false;
  private candidates: RTCIceCandidateInit[] = [];
  private gather = 0;
  private blink = 0;
  private patience = 0;
  private work: Promise<void> = Promise.resolve();

  constructor(
    readonly id: string,
    private readonly sides: Sides,
    first: boolean,
  ) {
    this.pc = new RTCPeerConnection({ iceServers: sides.ice, bundlePolicy: "max-bundle" });
    this.pc.addEventListener("negotiationneeded", () => void this.offer());
    this.pc.addEventListener("icecandidate", ({ candidate }) => candidate && this.gathered(candidate.toJSON()));
    this.pc.addEventListener("connectionstatechange", () => this.moved());
    // One line for each source from the start: what begins later needs no negotiation, only another track.
    if (first) SOURCES.forEach((source) => this.pc.addTransceiver(source === "mic" ? "audio" : "video", { direction: "sendrecv" }));
    if (first) this.equip();
    this.wait();
  }

  /** Whether sound flows. */
  get connected(): boolean {
    return this.pc.connectionState === "connected";
  }

  /** Whether it may be kept after the line to the portal was lost: nothing was under way. */
  get settled(): boolean {
    return this.connected && this.pc.signalingState === "stable";
  }

  /** Whether it was offered and not answered yet. */
  get unanswered(): boolean {
    return this.pc.remoteDescription === null;
  }

  /** Sends another track (or none) for a source. */
  replace(source: Source): void {
    const line = this.pc.getTransceivers()[SOURCES.indexOf(source)];
    void line?.sender.replaceTrack(this.sides.tracks[source]).catch(() => undefined);
  }

  /** Takes what the other side says about this link, one after the other. */
  take(signal: Signal): void {
    this.work = this.work.then(() => this.apply(signal)).catch((error: unknown) => console.debug("a signal of a call was left", error));
  }

  /** Seeks a new path: the network changed. */
  restart(): void {
    if (this.pc.signalingState === "closed" || this.unanswered) return;
    this.pc.restartIce();
    this.wait();
  }

  close(): void {
    for (const timer of [this.gather, this.blink, this.patience]) window.clearTimeout(timer);
    this.pc.close();
  }

  private equip(): void {
    this.pc.getTransceivers().forEach((line, index) => {
      const source = SOURCES[index];
      if (!source) return;
      line.direction = "sendrecv";
      this.received[index] = line.receiver.track;
      void line.sender.replaceTrack(this.sides.tracks[source]);
    });
  }

  private async offer(): Promise<void> {
    try {
      this.making = true;
      await this.pc.setLocalDescription();
      this.describe();
    } catch (error) {
      console.debug("an offer of a call was left", error);
    } finally {
      this.making = false;
    }
  }

  private describe(): void {
    const description = this.pc.localDescription;
    if (description) this.sides.send({ link: this.id, description: { type: description.type, sdp: description.sdp } });
  }

  private async apply({ description, candidates }: Signal): Promise<void> {
    if (this.pc.signalingState === "closed") return;
    if (description) {
      const both = description.type === "offer" && (this.making || this.pc.signalingState !== "stable");
      this.ignoring = both && !this.sides.polite;
      if (this.ignoring) return;
      await this.pc.setRemoteDescription(description);
      if (description.type === "offer") {
        this.equip();
        await this.pc.setLocalDescription();
        this.describe();
      }
      this.sides.changed();
    }
    for (const candidate of candidates ?? []) {
      await this.pc.addIceCandidate(candidate).catch((error: unknown) => {
        if (!this.ignoring) console.debug("a candidate was left", error);
      });
    }
  }

  private gathered(candidate: RTCIceCandidateInit): void {
    this.candidates.push(candidate);
    if (this.candidates.length > 1) return;
    this.gather = window.setTimeout(() => {
      for (let at = 0; at < this.candidates.length; at += 30) this.sides.send({ link: this.id, candidates: this.candidates.slice(at, at + 30) });
      this.candidates = [];
    }, GATHER);
  }

  private moved(): void {
    const state = this.pc.connectionState;
    window.clearTimeout(this.blink);
    if (state === "connected") window.clearTimeout(this.patience);
    else if (state === "disconnected") this.blink = window.setTimeout(() => this.restart(), BLINK);
    else if (state === "failed") this.restart();
    this.sides.changed();
  }

  private wait(): void {
    window.clearTimeout(this.patience);
    this.patience = window.setTimeout(() => !this.connected && this.sides.stuck(), PATIENCE);
  }
}
