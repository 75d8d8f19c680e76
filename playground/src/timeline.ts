/**
 * The timeline as data: one lane per peer, cut into what it was doing and whom it followed. Pure, so that it can be drawn
 * again from the events at any time.
 *
 * @module
 */
import { nameOf, type PeerId } from "gen-leader";
import type { PlaygroundEvent } from "./events.js";

/** A stretch of time in which a peer did one thing. */
export interface Segment {
  readonly kind: "leading" | "following" | "searching";
  /** The name of who leads; `null` while nobody is known to. */
  readonly leader: string | null;
  readonly from: number;
  /** `null`: it goes on. */
  readonly to: number | null;
}

/** A moment worth a mark. */
export interface Mark {
  readonly kind: "elected" | "gone" | "left" | "deposed";
  readonly at: number;
  /** What happened, for people. */
  readonly text: string;
}

/** What one peer did, whatever incarnation it was in. */
export interface Lane {
  readonly name: string;
  readonly segments: readonly Segment[];
  readonly marks: readonly Mark[];
}

interface OpenLane {
  readonly name: string;
  readonly segments: Segment[];
  readonly marks: Mark[];
}

/** One lane for each peer that told or was told of, in order of appearance. `events` are in order of time. */
export function lanesOf(events: readonly PlaygroundEvent[]): readonly Lane[] {
  const lanes = new Map<string, OpenLane>();

  function lane(id: PeerId): OpenLane {
    const name = nameOf(id);
    const known = lanes.get(name);
    if (known !== undefined) return known;
    const fresh: OpenLane = { name, segments: [], marks: [] };
    lanes.set(name, fresh);
    return fresh;
  }

  function close({ segments }: OpenLane, at: number): void {
    const last = segments.at(-1);
    if (last !== undefined && last.to === null) segments[segments.length - 1] = { ...last, to: Math.max(at, last.from) };
  }

  function enter(open: OpenLane, kind: Segment["kind"], leader: string | null, at: number): void {
    const last = open.segments.at(-1);
    if (last?.to === null && last.kind === kind && last.leader === leader) return;
    close(open, at);
    open.segments.push({ kind, leader, from: at, to: null });
  }

  for (const event of events) {
    const own = lane(event.peer);
    const leader = event.token === null ? null : nameOf(event.token.leader);
    switch (event.type) {
      case "started":
        if (own.segments.at(-1)?.to !== null) enter(own, "searching", null, event.at);
        break;
      case "elected":
        enter(own, "leading", own.name, event.at);
        own.marks.push({ kind: "elected", at: event.at, text: `${own.name} elected, epoch ${event.token?.epoch}` });
        break;
      case "surrendered":
        enter(own, "following", leader, event.at);
        if (event.deposed) own.marks.push({ kind: "deposed", at: event.at, text: `${own.name} gave way to ${leader}` });
        break;
      case "leaderless":
        enter(own, "searching", null, event.at);
        break;
      case "away":
        // Whoever was given up by the others has its mark already.
        if (own.segments.at(-1)?.to !== null) break;
        close(own, event.at);
        own.marks.push({ kind: "left", at: event.at, text: `${own.name} out of touch: hung, frozen or cached` });
        break;
      case "ended":
        close(own, event.at);
        own.marks.push({ kind: "left", at: event.at, text: `${own.name} ended: ${event.reason}` });
        break;
      case "terminated":
        close(own, event.at);
        own.marks.push({ kind: "gone", at: event.at, text: `${own.name}: worker terminated` });
        break;
      case "down": {
        const gone = lane(event.about);
        // What a peer has said of itself since is better known than what its leader says.
        const last = gone.segments.at(-1);
        if (last === undefined || last.to !== null || last.from > event.at) break;
        close(gone, event.at);
        gone.marks.push({ kind: event.reason === "left" ? "left" : "gone", at: event.at, text: `${gone.name} ${event.reason}` });
        break;
      }
      case "joined":
      case "reply":
        break;
    }
  }
  return [...lanes.values()];
}

/** One line about an event, for people; `null` where it says nothing new. */
export function describeEvent(event: PlaygroundEvent): string | null {
  const name = nameOf(event.peer);
  switch (event.type) {
    case "started":
      return `${name} started`;
    case "elected":
      return `${name} was elected`;
    case "surrendered":
      return event.deposed && event.token !== null ? `${name} gave way to ${nameOf(event.token.leader)}` : null;
    case "joined":
      return `${nameOf(event.about)} joined`;
    case "down":
      return `${nameOf(event.about)} ${event.reason === "left" ? "left" : event.reason === "crashed" ? "crashed" : "did not respond"}`;
    case "away":
      return `${name} was out of touch`;
    case "ended":
      return `${name} ended (${event.reason})`;
    case "terminated":
      return `the worker ${name} was terminated`;
    case "leaderless":
    case "reply":
      return null;
  }
}
