/** How good the connection to somebody is, from what the browser measures: three bars with their words. */

export interface Quality {
  bars: 0 | 1 | 2 | 3;
  ms: number;
  lost: number; // percent since the last look
}

interface Counted {
  lost: number;
  received: number;
}
const before = new WeakMap<RTCPeerConnection, Counted>();

/** Looks at a connection; call it every few seconds. */
export async function qualityOf(pc: RTCPeerConnection): Promise<Quality> {
  if (pc.connectionState !== "connected") return { bars: 0, ms: 0, lost: 0 };
  const now: Counted = { lost: 0, received: 0 };
  let ms = 0;
  (await pc.getStats()).forEach((row: Record<string, unknown>) => {
    if (row["type"] === "candidate-pair" && (row["nominated"] || row["selected"]) && typeof row["currentRoundTripTime"] === "number") {
      ms = Math.round(row["currentRoundTripTime"] * 1000);
    }
    if (row["type"] !== "inbound-rtp") return;
    now.lost += Math.max(0, Number(row["packetsLost"] ?? 0));
    now.received += Number(row["packetsReceived"] ?? 0);
  });
  const last = before.get(pc) ?? { lost: 0, received: 0 };
  before.set(pc, now);
  const [gone, came] = [Math.max(0, now.lost - last.lost), Math.max(0, now.received - last.received)];
  const lost = gone + came ? Math.round((100 * gone) / (gone + came)) : 0;
  return { bars: barsOf(ms, lost), ms, lost };
}

/** Three bars up to 200 ms and 3 % lost, two up to 450 ms and 10 %, then one. */
function barsOf(ms: number, lost: number): 1 | 2 | 3 {
  if (ms <= 200 && lost <= 3) return 3;
  return ms <= 450 && lost <= 10 ? 2 : 1;
}
