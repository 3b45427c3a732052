/** What this browser sends: microphone, camera, screen; which devices, and how loud it is here. */

export type Source = "mic" | "camera" | "screen";
export const SOURCES: Source[] = ["mic", "camera", "screen"];
export type State = Record<Source, boolean>;
type Kind = "audioinput" | "videoinput" | "audiooutput";

const CAMERA = { width: { ideal: 640 }, height: { ideal: 360 }, frameRate: { ideal: 24 } }; // each sends to each: small
const chosen = (kind: Kind): string => localStorage.getItem(`call.${kind}`) ?? "";

export class Media {
  readonly tracks: Record<Source, MediaStreamTrack | null> = { mic: null, camera: null, screen: null };
  private audio: AudioContext | null = null;
  private meter: AnalyserNode | null = null;
  private readonly wave = new Float32Array(512);

  /** `changed` hears of every source that begins, ends or gets another device. */
  constructor(private readonly changed: (source: Source) => void) {}

  /** Which sources are on; a muted microphone is off. */
  get state(): State {
    return { mic: !!this.tracks.mic?.enabled, camera: !!this.tracks.camera, screen: !!this.tracks.screen };
  }

  /** Opens the chosen microphone or camera; false when the browser or the system does not give it. */
  async open(source: "mic" | "camera"): Promise<boolean> {
    const device = chosen(source === "mic" ? "audioinput" : "videoinput");
    const wanted = device ? { deviceId: { ideal: device } } : {};
    const constraints = source === "mic" ? { audio: { echoCancellation: true, noiseSuppression: true, ...wanted } } : { video: { ...CAMERA, ...wanted } };
    const stream = await navigator.mediaDevices?.getUserMedia(constraints).catch(() => null);
    return this.take(source, stream?.getTracks()[0]);
  }

  /** Lets the reader choose a screen or window; false when they choose none. */
  async openScreen(): Promise<boolean> {
    const stream = await navigator.mediaDevices?.getDisplayMedia({ video: { frameRate: { ideal: 12 } } }).catch(() => null);
    return this.take("screen", stream?.getVideoTracks()[0]);
  }

  private take(source: Source, track: MediaStreamTrack | undefined): boolean {
    if (!track) return false;
    const muted = source === "mic" && this.tracks.mic !== null && !this.tracks.mic.enabled;
    this.tracks[source]?.stop();
    this.tracks[source] = track;
    track.enabled = !muted;
    track.addEventListener("ended", () => this.tracks[source] === track && this.stop(source));
    if (source === "mic") this.listen(track);
    this.changed(source);
    return true;
  }

  /** Ends a source: the light of the camera goes out. */
  stop(source: Source): void {
    this.tracks[source]?.stop();
    this.tracks[source] = null;
    if (source === "mic") this.meter = null;
    this.changed(source);
  }

  /** Mutes or unmutes; without a microphone it tries to open one. */
  async toggleMic(): Promise<boolean> {
    if (!this.tracks.mic) return this.open("mic");
    this.tracks.mic.enabled = !this.tracks.mic.enabled;
    this.changed("mic");
    return true;
  }

  stopAll(): void {
    SOURCES.forEach((source) => this.tracks[source] && this.stop(source));
    void this.audio?.close();
    this.audio = null;
  }

  private listen(track: MediaStreamTrack): void {
    this.audio ??= new AudioContext();
    this.meter = this.audio.createAnalyser();
    this.meter.fftSize = this.wave.length;
    this.audio.createMediaStreamSource(new MediaStream([track])).connect(this.meter);
  }

  /** How loud it is at this microphone now, from 0 to 1. */
  level(): number {
    if (!this.meter || !this.tracks.mic?.enabled) return 0;
    void (this.audio?.state === "suspended" && this.audio.resume());
    this.meter.getFloatTimeDomainData(this.wave);
    return Math.min(1, Math.sqrt(this.wave.reduce((sum, value) => sum + value * value, 0) / this.wave.length) * 4);
  }

  /** Lets the sound of an element come out of the chosen speaker, where browsers can. */
  static speak(element: HTMLMediaElement): void {
    const sink = element as HTMLMediaElement & { setSinkId?: (id: string) => Promise<void> };
    void sink.setSinkId?.(chosen("audiooutput")).catch(() => undefined);
  }

  /** Keeps the lists of devices current, and acts on what is chosen there. */
  offerDevices(word: string): void {
    const lists = [...document.querySelectorAll<HTMLSelectElement>("[data-device]")];
    const speakers = "setSinkId" in HTMLMediaElement.prototype;
    document.querySelectorAll<HTMLElement>("[data-speaker]").forEach((each) => (each.hidden = !speakers));
    const fill = (): void => void navigator.mediaDevices?.enumerateDevices().then((all) => lists.forEach((list) => fillList(list, all, word)));
    navigator.mediaDevices?.addEventListener("devicechange", fill);
    lists.forEach((list) => list.addEventListener("change", () => this.choose(list.dataset["device"] as Kind, list.value, fill)));
    fill();
  }

  private choose(kind: Kind, device: string, fill: () => void): void {
    localStorage.setItem(`call.${kind}`, device);
    if (kind === "audiooutput") document.querySelectorAll("audio").forEach((each) => Media.speak(each));
    else if (kind === "audioinput" || this.tracks.camera) void this.open(kind === "audioinput" ? "mic" : "camera");
    fill();
  }
}

function fillList(list: HTMLSelectElement, all: MediaDeviceInfo[], word: string): void {
  const kind = list.dataset["device"] as Kind;
  const named = all.filter((each) => each.kind === kind && each.label && each.deviceId !== "default");
  list.replaceChildren(new Option(word, ""), ...named.map((each) => new Option(each.label, each.deviceId)));
  list.value = named.some((each) => each.deviceId === chosen(kind)) ? chosen(kind) : "";
}
