/** The one socket of this tab: events come down, fleeting signals go up; it comes back by itself and catches up. */

export interface Frame {
  on: string;
  [key: string]: unknown;
}
type Handler = (frame: Frame) => void;

const SILENCE = 45_000; // without a word from the server for so long the line is dead
const BEAT = 20_000;
const IDLE = 5 * 60_000;

const handlers = new Map<string, Set<Handler>>();
const topics = new Map<string, number>();
let socket: WebSocket | null = null;
let attempts = 0;
let heard = 0;
let moment = 0; // seconds since 1970 until which the page knows what happened
let retry = 0;

/** Calls `handler` for every frame of this type; returns how to stop. */
export function on(type: string, handler: Handler): () => void {
  const set = handlers.get(type) ?? new Set();
  handlers.set(type, set.add(handler));
  return () => void set.delete(handler);
}

/** Sends a frame if the line is open; says whether it did. */
export function send(frame: Record<string, unknown>): boolean {
  if (socket?.readyState !== WebSocket.OPEN) return false;
  socket.send(JSON.stringify(frame));
  return true;
}

/** Listens to a room from the message after `after` on, across reconnections. */
export function join(topic: string, after: number): void {
  topics.set(topic, after);
  send({ do: "join", topic, after });
}

/** Listens no longer. */
export function leave(topic: string): void {
  if (topics.delete(topic)) send({ do: "leave", topic });
}

/** Whether the line is open. */
export const connected = (): boolean => socket?.readyState === WebSocket.OPEN;

function banner(shown: boolean): void {
  const element = document.querySelector<HTMLElement>("[data-connection]");
  if (element) element.hidden = !shown;
}

function remember({ on: type, topic, id }: Frame): void {
  if (type === "cut" || type === "refused") topics.delete(String(topic));
  if (type !== "message" || typeof topic !== "string" || typeof id !== "number") return;
  if (topics.has(topic)) topics.set(topic, Math.max(topics.get(topic) ?? 0, id));
}

function receive(event: MessageEvent<string>): void {
  heard = Date.now();
  const frame = JSON.parse(event.data) as Frame;
  remember(frame);
  if (typeof frame["at"] === "number") moment = frame["at"];
  for (const handler of handlers.get(frame.on) ?? []) handler(frame);
}

function opened(): void {
  attempts = 0;
  heard = Date.now();
  banner(false);
  for (const [topic, after] of topics) send({ do: "join", topic, after });
  send({ do: "since", at: moment });
}

function lost(): void {
  socket = null;
  const wait = Math.min(20_000, 400 * 2 ** attempts++) * (0.5 + Math.random());
  if (attempts > 1) banner(true);
  retry = window.setTimeout(connect, wait);
}

/** Opens the line of a signed-in page; pages without one stay silent. */
export function connect(): void {
  const path = document.body.dataset["socket"];
  if (!path || socket) return;
  window.clearTimeout(retry);
  moment ||= Number(document.body.dataset["moment"]);
  socket = new WebSocket(`${location.protocol === "https:" ? "wss:" : "ws:"}//${location.host}${path}`);
  socket.addEventListener("open", opened);
  socket.addEventListener("message", receive);
  socket.addEventListener("close", lost);
}

function beat(): void {
  if (connected() && Date.now() - heard > SILENCE) socket?.close();
  else send({ do: "ping" });
}

function watchPresence(): void {
  let timer = 0;
  let active = true;
  const set = (now: boolean): void => {
    if (now !== active) send({ do: (active = now) ? "active" : "idle" });
  };
  const touched = (): void => {
    set(!document.hidden);
    window.clearTimeout(timer);
    timer = window.setTimeout(() => set(false), IDLE);
  };
  for (const type of ["pointerdown", "keydown", "visibilitychange", "focus"]) window.addEventListener(type, touched, { passive: true, capture: true });
}

on("gone", () => location.reload());
window.addEventListener("online", connect);
window.addEventListener("pagehide", () => socket?.close());
window.addEventListener("pageshow", connect);
window.setInterval(beat, BEAT);
watchPresence();
connect();
