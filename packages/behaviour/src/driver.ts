/**
 * Runs the pure core of one peer against a medium: carries its effects out, and feeds it what happens. The only
 * place where the protocol meets a platform.
 *
 * @module
 */
import {
  type Caller,
  type Config,
  type Delivery,
  type DownReason,
  type DropReason,
  decode,
  type Effect,
  type Event,
  type Fence,
  initialState,
  type Medium,
  type Message,
  type Note,
  nextDeadline,
  type PeerId,
  type PeerState,
  peerId,
  roleIn,
  step,
  type Token,
} from "@gen-leader/protocol";
import { isPromise } from "./promises.js";
import { refusal } from "./refusal.js";

/** An event before the driver puts the time on it. */
export type Happening = Event extends infer E ? (E extends Event ? Omit<E, "now"> : never) : never;

/** What a log may keep: an event, what it brought the callbacks, a frame that was dropped. */
export type Traced =
  | { readonly type: "event"; readonly event: Event }
  | { readonly type: "delivery"; readonly delivery: Delivery }
  | { readonly type: "dropped"; readonly reason: DropReason; readonly from: PeerId | null };

/** What the driver tells the layer above, always outside of its own calls into the core. */
export interface DriverListener {
  /** Something for the callbacks, in order. */
  deliver(delivery: Delivery): void;
  /** Take that call out of the mailbox, if it has not begun. */
  cancel(caller: Caller): void;
  /** This peer does not lead any more: answer with `abandoned`. */
  tenureEnded(token: Token): void;
  /** Answer with `drained` once no leader callback runs, waits or owes an answer. */
  drain(token: Token): void;
  stepDownRefused(request: number): void;
  handOverAbandoned(successor: PeerId): void;
  nameTaken(peer: PeerId): void;
  /** The media could not be opened. */
  failed(error: unknown): void;
  note(note: Note): void;
  /** Something happened that a log may keep. */
  trace(happened: Traced): void;
  /** All effects of what has happened are carried out; the state may have changed. */
  settled(): void;
}

/** Counters of one driver. */
export interface Traffic {
  framesIn: number;
  framesOut: number;
  readonly dropped: Map<DropReason, number>;
}

export interface Driver {
  readonly state: PeerState;
  readonly traffic: Traffic;
  /** Opens the media under a new incarnation and joins. */
  open(): Promise<void>;
  /** Feeds the core, and carries out what follows. Reentrant: what happens meanwhile is handled after. */
  dispatch(happening: Happening): void;
  /** Leaves, and closes the media. Idempotent. */
  close(backOffMs?: number): void;
}

/** How far ahead the wall clock may seem to be because one of the two counts whole milliseconds, and how far behind before that is told. */
const clockRoundingMs = 1;
const clockSetBackMs = 1000;

export function createDriver(name: string, config: Config, medium: Medium, listener: DriverListener, preference: number): Driver {
  const { transport, failureDetector, fence, clock, random } = medium;
  const traffic: Traffic = { framesIn: 0, framesOut: 0, dropped: new Map() };
  const watches = new Map<PeerId, () => void>();
  const queue: Happening[] = [];
  let incarnation = 0;
  // Nobody has spoken under this id, and nobody will: another that starts under the same name could have any other.
  let state = initialState(config, peerId(name, 0), preference);
  /** Grows with every opening and closing, so that what an earlier one started is not taken for the present one's. */
  let session = 0;
  /** Grows with all that happens to the fence, so that a grant that is over is not reported. */
  let fenceTurn = 0;
  let isOpen = false;
  let isRunning = false;
  let isClosing = false;
  let cancelTimer: (() => void) | null = null;
  let timerDue: number | null = null;

  /** Incarnations count microseconds since 1970: the elder is the smaller, and no two are the same. */
  function nextId(): PeerId {
    incarnation = Math.max(incarnation + 1, Math.floor(clock.wall()) * 1000 + Math.floor(random() * 1000));
    return peerId(name, incarnation);
  }

  async function open(): Promise<void> {
    if (isOpen) return;
    const mine = ++session;
    isOpen = true;
    const current = () => isOpen && session === mine;
    try {
      await openMedia(current);
    } catch (error) {
      // Of an opening that is over it does not matter how it failed.
      if (current()) throw refusal(error);
    }
  }

  async function openMedia(current: () => boolean): Promise<void> {
    const self = nextId();
    await transport.open(self, (frame) => {
      if (current()) receive(frame);
    });
    if (!current()) return;
    await failureDetector.open(self);
    if (!current()) return;
    failureDetector.onAppearance?.((peer) => {
      if (current()) dispatch({ type: "appeared", peer });
    });
    await fence?.open(self, (event) => {
      if (!current()) return;
      const turn = ++fenceTurn;
      if (event.type !== "granted") return dispatch({ type: `fence-${event.type}` });
      const granted = (alive: readonly PeerId[] | null): void => {
        if (current() && turn === fenceTurn) dispatch({ type: "fence-granted", census: alive });
      };
      failureDetector.census().then(granted, () => granted(null));
    });
    if (!current()) return;
    const [census, holder] = await Promise.all([failureDetector.census(), fence?.holder() ?? null]);
    if (current()) dispatch({ type: "opened", self, census, holder, wall: clock.wall() });
  }

  function receive(frame: unknown): void {
    traffic.framesIn += 1;
    const decoded = decode(frame);
    if (decoded.type === "rejected") return count(decoded.reason, decoded.from);
    adoptFence(frame, decoded.message);
    dispatch({ type: "received", message: decoded.message });
  }

  /** A fence that is no mere name comes with what a peer says of itself; a stranger's is another cluster's. */
  function adoptFence(frame: unknown, { from, type }: Message): void {
    const shared: unknown = typeof frame === "object" && frame !== null && "fence" in frame ? frame.fence : undefined;
    if (shared === undefined || roleIn(config, { id: from, role: "candidate" }) === null) return;
    const claims = type === "halt" || type === "announce" || type === "welcome";
    fence?.adopt?.(shared, from, claims ? "holder" : "peer");
  }

  function count(reason: DropReason, from: PeerId | null): void {
    traffic.dropped.set(reason, (traffic.dropped.get(reason) ?? 0) + 1);
    listener.trace({ type: "dropped", reason, from });
  }

  function dispatch(happening: Happening): void {
    queue.push(happening);
    if (isRunning) return;
    isRunning = true;
    try {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) advance(next);
    } finally {
      isRunning = false;
    }
    if (isClosing) closeMedia();
    isClosing = false;
    armTimer();
    listener.settled();
  }

  function advance(happening: Happening): void {
    // Read before every effect of a leader: where the fence is a shared word, this is what makes it exclusive.
    if (state.phase.type === "leading" && fence !== null && !fence.holds() && happening.type !== "fence-lost") run({ type: "fence-lost" });
    run(happening);
  }

  function run(happening: Happening): void {
    const now = clock.now();
    const wall = clock.wall();
    // What is told when the media open stays true as long as both clocks go on alike.
    const drift = wall - now - state.wallOffset;
    if ((drift > clockRoundingMs || drift < -clockSetBackMs) && state.phase.type !== "away") handle({ type: "wall", now, wall });
    handle({ ...happening, now } as Event);
  }

  function handle(event: Event): void {
    listener.trace({ type: "event", event });
    const result = step(state, event);
    state = result.state;
    for (const effect of result.effects) perform(effect);
  }

  function perform(effect: Effect): void {
    switch (effect.type) {
      case "post":
        traffic.framesOut += 1;
        return transport.post(withFence(effect.message));
      case "send":
        traffic.framesOut += 1;
        return transport.send(effect.to, withFence(effect.message));
      case "monitor":
        return monitor(effect.peer);
      case "demonitor":
        watches.get(effect.peer)?.();
        watches.delete(effect.peer);
        return;
      case "fence-request":
        return fence?.request(effect.over);
      case "fence-release":
        fenceTurn += 1;
        return fence?.release();
      case "fence-steal":
        return fence?.steal(effect.holder);
      case "fence-query":
        return queryFence(effect.query);
      case "deliver":
        listener.trace({ type: "delivery", delivery: effect.delivery });
        return listener.deliver(effect.delivery);
      case "cancel":
        return listener.cancel(effect.caller);
      case "tenure-ended":
        return listener.tenureEnded(effect.token);
      case "drain":
        return listener.drain(effect.token);
      case "step-down-refused":
        return listener.stepDownRefused(effect.request);
      case "hand-over-abandoned":
        return listener.handOverAbandoned(effect.successor);
      case "reopen":
        closeMedia();
        open().catch((error: unknown) => listener.failed(error));
        return;
      case "name-taken":
        return listener.nameTaken(effect.peer);
      case "dropped":
        return count(effect.reason, effect.from);
      case "note":
        return listener.note(effect.note);
    }
  }

  /** Newcomers learn of a fence that is no mere name from whoever speaks to them. */
  function withFence(message: Effect extends infer E ? (E extends { type: "post"; message: infer M } ? M : never) : never): object {
    const { type } = message;
    const introduces = type === "join" || type === "here" || type === "halt" || type === "announce" || type === "welcome";
    const shared = introduces ? fence?.share?.() : undefined;
    return shared === undefined ? message : { ...message, fence: shared };
  }

  function monitor(peer: PeerId): void {
    const mine = session;
    watches.get(peer)?.();
    watches.set(
      peer,
      failureDetector.monitor(peer, (reason: DownReason) => {
        if (isOpen && session === mine) dispatch({ type: "down", peer, reason });
      }),
    );
  }

  function queryFence(query: number): void {
    const mine = session;
    const answer = (holder: PeerId | null) => {
      if (isOpen && session === mine) dispatch({ type: "fence-holder", query, holder });
    };
    const holder = askHolder();
    if (isPromise(holder)) holder.then(answer, () => answer(null));
    else answer(holder);
  }

  /** A platform that cannot say who holds the fence supports nobody's claim. */
  function askHolder(): ReturnType<Fence["holder"]> {
    try {
      return fence?.holder() ?? null;
    } catch {
      return null;
    }
  }

  function armTimer(): void {
    const due = isOpen ? nextDeadline(state) : null;
    if (due === timerDue) return;
    cancelTimer?.();
    cancelTimer = null;
    timerDue = due;
    if (due === null) return;
    cancelTimer = clock.schedule(
      () => {
        timerDue = null;
        cancelTimer = null;
        dispatch({ type: "timeout" });
      },
      Math.max(due - clock.now(), 0),
    );
  }

  function closeMedia(): void {
    isOpen = false;
    session += 1;
    for (const end of watches.values()) end();
    watches.clear();
    cancelTimer?.();
    cancelTimer = null;
    timerDue = null;
    fence?.close();
    failureDetector.close();
    transport.close();
  }

  return {
    get state() {
      return state;
    },
    traffic,
    open,
    dispatch,
    close(backOffMs = 0) {
      if (!isOpen || isClosing) return;
      // What was to be said before is said before, even if this comes from within something that happens.
      isClosing = true;
      dispatch({ type: "leave", backOffMs });
    },
  };
}
