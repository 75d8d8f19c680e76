/**
 * Who is alive where the platform does not tell: whoever is watched says so now and then, and who falls silent is down.
 *
 * @module
 */
import type { Clock, DownReason, FailureDetector, PeerId } from "@gen-leader/protocol";
import { postUnlessClosed } from "../broadcast-channels/post-unless-closed.js";
import { createSystemClock, letProcessEnd } from "../clocks/system.js";
import { createSilence, type Silence } from "../heartbeat/silence.js";
import { isPeerId } from "../peer-id.js";

/** Options of the detector. */
export interface HeartbeatOptions {
  /** How often a watched peer shows that it is alive, in milliseconds. @default 1000 */
  readonly beatMs?: number;
  readonly clock?: Clock;
}

type Body =
  | { readonly type: "here" | "beat" | "bye" }
  /** Asks `peers` to beat. Repeated for as long as the watch lasts, so that nobody beats for a watcher that died. */
  | { readonly type: "watch"; readonly peers: readonly PeerId[]; readonly forMs: number };

type Message = { readonly genLeader: "heartbeat"; readonly from: PeerId } & Body;

/** For how many of a watcher's own ticks it asks to be beaten for: its timers may be slow too. */
const patience = 5;
/** How many peers are remembered as heard of. One that is forgotten is reported again. */
const knownLimit = 10_000;
/** Nobody beats for longer on one request. */
const longestMs = 10 * 60_000;

/**
 * The failure detector of one peer, over a channel of its own. Nobody beats unless somebody watches. A beat is sent by a timer and
 * never as an answer, since a frozen page answers. Its word is not final: a peer that was silent and is heard again is
 * reported through `onAppearance`.
 */
export function createHeartbeatFailureDetector(cluster: string, options: HeartbeatOptions = {}): FailureDetector {
  const { beatMs = 1000, clock = createSystemClock() } = options;
  const watched = new Map<PeerId, { readonly listeners: Set<(reason: DownReason) => void>; readonly silence: Silence }>();
  const known = new Set<PeerId>();
  let session: { readonly self: PeerId; readonly channel: BroadcastChannel } | null = null;
  let appeared: (peer: PeerId) => void = () => undefined;
  let cancelTick: (() => void) | null = null;
  let beatUntilMs = 0;
  let lastTickMs = 0;
  let lastGapMs = 0;

  function say(body: Body): void {
    if (session !== null) postUnlessClosed(session.channel, { genLeader: "heartbeat", from: session.self, ...body } satisfies Message);
  }

  function ask(peers: readonly PeerId[]): void {
    say({ type: "watch", peers, forMs: patience * Math.max(beatMs, lastGapMs) });
  }

  function hear(message: Message): void {
    const { from } = message;
    if (message.type === "bye") {
      end(from, "left");
      return;
    }
    watched.get(from)?.silence.broken(clock.now());
    if (!known.has(from)) {
      known.add(from);
      const [eldest] = known;
      if (known.size > knownLimit && eldest !== undefined) known.delete(eldest);
      appeared(from);
    }
    if (message.type === "watch" && session !== null && message.peers.includes(session.self)) {
      beatUntilMs = Math.max(beatUntilMs, clock.now() + Math.min(message.forMs, longestMs));
      tickSoon(0);
    }
  }

  function end(peer: PeerId, reason: DownReason): void {
    known.delete(peer);
    const entry = watched.get(peer);
    watched.delete(peer);
    for (const onDown of entry?.listeners ?? []) onDown(reason);
  }

  function tickSoon(delayMs: number): void {
    if (cancelTick !== null) return;
    lastTickMs = clock.now();
    lastGapMs = 0;
    cancelTick = clock.schedule(tick, delayMs);
  }

  function tick(): void {
    cancelTick = null;
    const now = clock.now();
    const gapMs = now - lastTickMs;
    // Later than it has been of late: this realm stood still, and cannot blame others for what it did not hear.
    const stoodStill = gapMs > 2 * Math.max(beatMs, lastGapMs);
    [lastTickMs, lastGapMs] = [now, gapMs];
    if (now < beatUntilMs) say({ type: "beat" });
    for (const [peer, { silence }] of [...watched]) {
      if (stoodStill) silence.restart(now);
      else if (silence.isTooLong(now)) end(peer, "unresponsive");
    }
    if (watched.size > 0) ask([...watched.keys()]);
    if (watched.size > 0 || now < beatUntilMs) cancelTick = clock.schedule(tick, beatMs);
  }

  return {
    open(self) {
      const channel = new BroadcastChannel(`gen-leader:heartbeat:${JSON.stringify(cluster)}`);
      letProcessEnd(channel);
      session = { self, channel };
      channel.onmessage = ({ data }: MessageEvent<unknown>) => {
        if (session?.channel === channel && isMessage(data)) hear(data);
      };
      say({ type: "here" });
      return Promise.resolve();
    },
    census: () => Promise.resolve(null),
    monitor(peer, onDown) {
      if (session === null) return () => undefined;
      const entry = watched.get(peer) ?? { listeners: new Set(), silence: createSilence(beatMs, clock.now()) };
      const listener = (reason: DownReason): void => onDown(reason);
      entry.listeners.add(listener);
      watched.set(peer, entry);
      ask([peer]);
      tickSoon(beatMs);
      return () => {
        entry.listeners.delete(listener);
        if (entry.listeners.size === 0 && watched.get(peer) === entry) watched.delete(peer);
      };
    },
    onAppearance(listener) {
      appeared = listener;
    },
    close() {
      say({ type: "bye" });
      session?.channel.close();
      session = null;
      cancelTick?.();
      cancelTick = null;
      beatUntilMs = 0;
      watched.clear();
      known.clear();
    },
  };
}

/** Whether a message on the channel is one of ours: anybody in the origin can open a channel of any name. */
function isMessage(value: unknown): value is Message {
  if (typeof value !== "object" || value === null) return false;
  const { genLeader, from, type, peers, forMs }: { genLeader?: unknown; from?: unknown; type?: unknown; peers?: unknown; forMs?: unknown } =
    value;
  if (genLeader !== "heartbeat" || !isPeerId(from)) return false;
  if (type === "watch") return Array.isArray(peers) && typeof forMs === "number" && Number.isFinite(forMs);
  return type === "here" || type === "beat" || type === "bye";
}
