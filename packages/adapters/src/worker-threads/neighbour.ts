/**
 * What one peer has to do with one other peer: the links between them, the frames on their way, the watches.
 *
 * @module
 */
import { MessageChannel, type MessagePort } from "node:worker_threads";
import type { DownReason } from "@gen-leader/protocol";
import type { LinkMessage } from "./envelopes.js";
import { createLink, type Link, type LinkPort } from "./link.js";

/** How long the thread that has taken a port may take to answer over it, once this thread runs freely. */
const answerMs = 1000;

/** What a neighbour needs of the peer it is a neighbour of. */
export interface NeighbourHost {
  /** Carries a port to the neighbour in `thread`; resolves to why it is down, or to `null` if it was taken. */
  carryPort(thread: number, port: MessagePort): Promise<DownReason | null>;
  /** Asks everybody where the neighbour is, which is answered by `locate`, `sayGone`, or not at all. */
  ask(): void;
  /** Sends over the channel that all hear. @throws `DataCloneError` */
  postFrame(frame: object): void;
  postMoved(): void;
  receive(frame: object): void;
  /** Runs `task` once what has arrived over the channel was heard: a death must not overtake what the dead one had said. */
  afterChannel(task: () => void): void;
  /** Whether this peer has said good-bye. */
  readonly hasLeft: boolean;
  later(task: () => void, delayMs: number): () => void;
}

/** Another peer, as this one knows it. */
export interface Neighbour {
  /** Why it is down; `null` while it is not known to be. */
  readonly ended: DownReason | null;
  /** Where it is; `null` while that is not known. */
  readonly thread: number | null;
  /** It was heard from, or of: it is in `thread`. */
  locate(thread: number): void;
  /** Others say that it is gone: believed by one that watches it in vain, not by one that hears it. */
  sayGone(): void;
  send(frame: object): void;
  watch(onDown: (reason: DownReason) => void): () => void;
  /** Takes an end of a link that the neighbour has made. */
  accept(port: LinkPort): void;
  /** The neighbour's frames come over a link from now on. */
  moved(): void;
  sayGoodBye(): void;
  close(): void;
}

/** A neighbour that nothing is known of yet. */
export function createNeighbour(host: NeighbourHost): Neighbour {
  const links = new Set<Link>();
  const watches = new Set<(reason: DownReason) => void>();
  let thread: number | null = null;
  let ended: DownReason | null = null;
  let isConnecting = false;
  /** A link whose other end hears: frames may go over it. */
  let standing: Link | null = null;
  /** Whether frames to the neighbour go over the link by now, and whether one ever went over the channel. */
  let isMoved = false;
  let usedChannel = false;
  /** Frames that overtook those that the neighbour had sent over the channel; `null` once these are in. */
  let early: object[] | null = [];
  let cancelTimer = (): void => undefined;

  function adopt(port: LinkPort): Link {
    const link = createLink(port, {
      message: (message) => hear(link, message),
      closed: () => lose(link, "crashed"),
    });
    links.add(link);
    return link;
  }

  function hear(link: Link, message: LinkMessage): void {
    if (message.type === "ready") stand(link);
    else if (message.type === "gone") lose(link, "left");
    else if (message.type === "bye") end("left");
    else if (message.type === "frame" && typeof message.frame === "object") {
      if (message.direct) moved();
      if (early === null) host.receive(message.frame);
      else early.push(message.frame);
    }
  }

  function stand(link: Link): void {
    cancelTimer();
    standing ??= link;
  }

  function lose(link: Link, reason: DownReason): void {
    links.delete(link);
    link.close();
    if (standing === link) standing = null;
    end(reason);
  }

  function moved(): void {
    const frames = early ?? [];
    early = null;
    for (const frame of frames) host.receive(frame);
  }

  function end(reason: DownReason): void {
    cancelTimer();
    host.afterChannel(() => {
      ended ??= reason;
      for (const onDown of [...watches]) {
        watches.delete(onDown);
        onDown(ended);
      }
    });
  }

  /** A silent neighbour is given up after a while in which this thread could have heard it. */
  function expect(reason: DownReason): void {
    cancelTimer();
    // What came in while this thread was busy is read between the two timers.
    cancelTimer = host.later(() => {
      cancelTimer = host.later(() => end(reason), 1);
    }, answerMs);
  }

  function connect(at: number): void {
    if (isConnecting || [...links].some(({ hearsClosing }) => hearsClosing)) return;
    isConnecting = true;
    const { port1, port2 } = new MessageChannel();
    const link = adopt(port1);
    void host.carryPort(at, port2).then((down) => {
      if (!links.has(link)) return;
      if (down !== null) lose(link, down);
      // That thread may have taken the port for somebody else's and let it lie.
      else if (standing === null && ended === null) expect("crashed");
    });
  }

  return {
    get ended() {
      return ended;
    },
    get thread() {
      return thread;
    },
    locate(at) {
      thread = at;
      if (ended === "unresponsive") ended = null;
      if (!isConnecting) cancelTimer();
      if (watches.size > 0) connect(at);
    },
    sayGone() {
      if (watches.size > 0 && thread === null && links.size === 0) end("crashed");
    },
    send(frame) {
      if (thread !== null && ended === null) connect(thread);
      if (standing === null) {
        host.postFrame(frame);
        usedChannel = true;
        return;
      }
      if (!isMoved && usedChannel) host.postMoved();
      standing.post({ type: "frame", direct: !isMoved && !usedChannel, frame });
      isMoved = true;
    },
    watch(onDown) {
      const once = (reason: DownReason): void => onDown(reason);
      watches.add(once);
      if (ended !== null) {
        const reason = ended;
        host.later(() => {
          if (watches.delete(once)) once(reason);
        }, 0);
      } else if (thread !== null) connect(thread);
      else {
        host.ask();
        expect("unresponsive");
      }
      return () => void watches.delete(once);
    },
    accept(port) {
      const link = adopt(port);
      link.post({ type: "ready" });
      if (host.hasLeft) link.post({ type: "bye" });
      stand(link);
    },
    moved,
    sayGoodBye() {
      for (const link of links) link.post({ type: "bye" });
    },
    close() {
      cancelTimer();
      watches.clear();
      for (const link of links) link.close();
      links.clear();
    },
  };
}
