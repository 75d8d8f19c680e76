/**
 * One peer's place among the threads of a process: its channel, its neighbours and their addresses. The transport
 * and the failure detector of a medium share one, so that a link serves both.
 *
 * @module
 */
import { BroadcastChannel, threadId } from "node:worker_threads";
import type { DownReason, PeerId } from "@gen-leader/protocol";
import { createSystemClock } from "../clocks/system.js";
import { drainChannel } from "./drain-channel.js";
import { type ChannelBody, type ChannelMessage, isChannelMessage } from "./envelopes.js";
import { createNeighbour, type Neighbour } from "./neighbour.js";
import { carryPort, plugIn } from "./switchboard.js";

/** What uses the station: it is there while at least one of them is open. */
export type StationUser = "transport" | "failureDetector";

/** A peer's place. */
export interface Station {
  open(user: StationUser, self: PeerId): void;
  close(user: StationUser): void;
  /** Who gets the frames; `null` drops them. */
  onFrame(receive: ((frame: unknown) => void) | null): void;
  post(frame: object): void;
  send(to: PeerId, frame: object): void;
  watch(peer: PeerId, onDown: (reason: DownReason) => void): () => void;
}

/** How many peers that are gone are remembered, to answer for them. */
const gravesLimit = 1000;

/** One opening of the station, under one id. */
interface Session {
  readonly self: PeerId;
  readonly channel: BroadcastChannel;
  readonly neighbours: Map<PeerId, Neighbour>;
  readonly users: Set<StationUser>;
  hasLeft: boolean;
  unplug: () => void;
}

/** The station of one peer in `cluster`; closed at first. */
export function createStation(cluster: string, keepProcessAlive: boolean): Station {
  const { schedule } = createSystemClock();
  let session: Session | null = null;
  let receive: ((frame: unknown) => void) | null = null;

  function begin(self: PeerId): Session {
    const channel = new BroadcastChannel(`gen-leader/${cluster}`);
    if (!keepProcessAlive) channel.unref();
    const begun: Session = { self, channel, neighbours: new Map(), users: new Set(), hasLeft: false, unplug: () => undefined };
    channel.onmessage = ({ data }: { readonly data: unknown }) => {
      if (session === begun) take(begun, data);
    };
    begun.unplug = plugIn(cluster, self, (from, port) => neighbourOf(begun, from).accept(port));
    say(begun, { type: "here" });
    return begun;
  }

  function say({ channel, self }: Session, body: ChannelBody): void {
    channel.postMessage({ genLeader: "channel", from: self, thread: threadId, body } satisfies ChannelMessage);
  }

  function neighbourOf(own: Session, peer: PeerId): Neighbour {
    const known = own.neighbours.get(peer);
    if (known !== undefined) return known;
    const made = createNeighbour({
      carryPort: (thread, port) => carryPort(thread, cluster, own.self, peer, port),
      ask: () => say(own, { type: "where", peer }),
      postFrame: (frame) => say(own, { type: "frame", to: peer, frame }),
      postMoved: () => say(own, { type: "moved", to: peer }),
      receive: (frame) => receive?.(frame),
      afterChannel: (task) => afterChannel(own, task),
      get hasLeft() {
        return own.hasLeft;
      },
      later: schedule,
    });
    own.neighbours.set(peer, made);
    clearGraves(own);
    return made;
  }

  function clearGraves({ neighbours }: Session): void {
    if (neighbours.size <= gravesLimit) return;
    for (const [peer, { ended }] of neighbours) {
      if (ended === null) continue;
      neighbours.delete(peer);
      return;
    }
  }

  function take(own: Session, data: unknown): void {
    if (isChannelMessage(data)) hear(own, data);
    // No frame at all: whoever counts what is malformed counts it.
    else receive?.(null);
  }

  function hear(own: Session, { from, thread, body }: ChannelMessage): void {
    const neighbour = neighbourOf(own, from);
    neighbour.locate(thread);
    switch (body.type) {
      case "frame":
        if (body.to === null || body.to === own.self) receive?.(body.frame);
        return;
      case "moved":
        if (body.to === own.self) neighbour.moved();
        return;
      case "where":
        answer(own, from, body.peer);
        return;
      case "located":
        if (body.to !== own.self) return;
        if (body.at === null) neighbourOf(own, body.peer).sayGone();
        else neighbourOf(own, body.peer).locate(body.at);
    }
  }

  function afterChannel(own: Session, task: () => void): void {
    // What is heard may close the channel, and a closed one cannot be asked.
    const drained = drainChannel(
      own.channel,
      (data) => take(own, data),
      () => session === own,
    );
    if (drained) task();
    // Where the queue cannot be read it is heard in the next turn.
    else schedule(task, 1);
  }

  /** Says where a peer is, if it is this one or one that this one knows, and is silent otherwise. */
  function answer(own: Session, to: PeerId, peer: PeerId): void {
    const known = own.neighbours.get(peer);
    if (peer === own.self) say(own, { type: "located", to, peer, at: own.hasLeft ? null : threadId });
    else if (known !== undefined && known.ended !== null) say(own, { type: "located", to, peer, at: null });
    else if (known !== undefined && known.thread !== null) say(own, { type: "located", to, peer, at: known.thread });
  }

  return {
    open(user, self) {
      if (session !== null && session.self !== self) throw new Error(`This peer is still open as ${session.self}.`);
      session ??= begin(self);
      session.users.add(user);
    },
    close(user) {
      if (session === null || !session.users.delete(user)) return;
      if (user === "failureDetector") {
        session.hasLeft = true;
        for (const neighbour of session.neighbours.values()) neighbour.sayGoodBye();
      }
      if (session.users.size > 0) return;
      session.unplug();
      const { channel } = session;
      // A turn later: in Deno a channel is dead if it was opened while the last one of its thread was closing.
      setImmediate(() => channel.close());
      for (const neighbour of session.neighbours.values()) neighbour.close();
      session = null;
    },
    onFrame(next) {
      receive = next;
    },
    post(frame) {
      if (session !== null) say(session, { type: "frame", to: null, frame });
    },
    send(to, frame) {
      if (session !== null && to !== session.self) neighbourOf(session, to).send(frame);
    },
    watch(peer, onDown) {
      return session === null ? () => undefined : neighbourOf(session, peer).watch(onDown);
    },
  };
}
