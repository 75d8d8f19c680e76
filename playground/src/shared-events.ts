/**
 * What the tabs tell each other for their timelines: every election event of every peer, over a channel of the app's own,
 * beside the cluster's. A tab that opens late is told what happened before.
 *
 * @module
 */
import { nameOf } from "gen-leader";
import { isElectionEvent, type PlaygroundEvent } from "./events.js";

/** How many events a tab keeps for its timeline. */
const eventLimit = 400;

type SharedMessage =
  | { readonly type: "event"; readonly cluster: string; readonly event: PlaygroundEvent }
  /** A tab has opened and asks what happened before. */
  | { readonly type: "asking"; readonly cluster: string }
  | { readonly type: "history"; readonly cluster: string; readonly events: readonly PlaygroundEvent[] };

/** The events of all peers, oldest first. */
export interface SharedEvents {
  readonly events: readonly PlaygroundEvent[];
  /** The names of all peers that ever told something, in order of appearance. */
  readonly names: readonly string[];
  /** How many tabs have asked for the history since this one opened. */
  readonly arrivals: number;
  /** Adds an event of this tab, and tells the others. */
  add(event: PlaygroundEvent): void;
}

/**
 * Opens the channel. `answers` says whether this tab is the one to tell newcomers the history; `changed` is called when an
 * event was added. The channel is closed while the page is in the back/forward cache or frozen: a page with an open channel is thrown
 * out of the cache by the first message.
 */
export function openSharedEvents(cluster: string, answers: () => boolean, changed: () => void): SharedEvents {
  let events: readonly PlaygroundEvent[] = [];
  let names: readonly string[] = [];
  let arrivals = 0;
  const appearedAt = new Map<string, number>();
  let channel: BroadcastChannel | undefined;
  const known = new Set<string>();

  function insert(added: readonly PlaygroundEvent[]): void {
    const fresh = added.filter((event) => !known.has(keyOf(event)));
    if (fresh.length === 0) return;
    for (const event of fresh) known.add(keyOf(event));
    events = [...events, ...fresh].sort((a, b) => a.at - b.at);
    for (const event of events.slice(0, -eventLimit)) known.delete(keyOf(event));
    events = events.slice(-eventLimit);
    for (const event of fresh) {
      const name = nameOf(event.peer);
      appearedAt.set(name, Math.min(event.at, appearedAt.get(name) ?? event.at));
    }
    names = [...appearedAt].sort(([, a], [, b]) => a - b).map(([name]) => name);
    changed();
  }

  function post(message: SharedMessage): void {
    channel?.postMessage(message);
  }

  function receive({ data }: MessageEvent<SharedMessage>): void {
    if (data.cluster !== cluster) return;
    if (data.type === "event") insert([data.event]);
    if (data.type === "history") insert(data.events);
    if (data.type === "asking") {
      arrivals += 1;
      if (answers()) post({ type: "history", cluster, events });
    }
  }

  function open(): void {
    if (channel !== undefined) return;
    channel = new BroadcastChannel("playground-events");
    channel.addEventListener("message", receive);
    post({ type: "asking", cluster });
  }

  function close(): void {
    channel?.close();
    channel = undefined;
  }

  open();
  addEventListener("pagehide", close);
  addEventListener("pageshow", open);
  document.addEventListener("freeze", close);
  document.addEventListener("resume", open);

  return {
    get events() {
      return events;
    },
    get names() {
      return names;
    },
    get arrivals() {
      return arrivals;
    },
    add(event) {
      if (!isElectionEvent(event)) return;
      insert([event]);
      post({ type: "event", cluster, event });
    },
  };
}

function keyOf(event: PlaygroundEvent): string {
  return `${event.peer} ${event.at} ${event.type}`;
}
