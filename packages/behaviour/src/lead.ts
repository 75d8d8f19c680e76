/**
 * The everyday door: run a function in whichever peer leads. Stands on the protocol alone.
 *
 * @module
 */
import { type Delivery, findPeer, type Guarantees, type MediumFactory, roleIn, type Token } from "@gen-leader/protocol";
import { clusterKey, configure, type PeerOptions, preferenceOf } from "./configure.js";
import { createDriver } from "./driver.js";
import type { Election } from "./election.js";
import { NameTakenError, PeerDownError } from "./errors.js";
import { callListener } from "./listeners.js";
import { StepDowns } from "./step-downs.js";
import { createElection } from "./view.js";

/** What the function gets when its peer is elected. */
export interface LeadContext {
  /** Aborts when leadership ends: by `stepDown` or `close`, by the page going away, or because it was taken. */
  readonly signal: AbortSignal;
  /** Number of this tenure: larger than that of every tenure before. */
  readonly epoch: number;
  /** Fencing token of this tenure, for resources that compare tokens. */
  readonly token: Token;
}

/** What to do at the end of leadership; awaited up to a second before another may lead. */
export type CleanUp = () => void | PromiseLike<void>;

/**
 * Runs on the peer that leads, once per tenure. Leadership lasts until the signal aborts: returning does not end it. A
 * throw steps aside, with back-off.
 */
export type LeadFunction = (context: LeadContext) => void | CleanUp | PromiseLike<void | CleanUp>;

/** A hold on leadership under one name. */
export interface Leadership {
  readonly isLeader: boolean;
  readonly election: Election;
  readonly guarantees: Guarantees;
  /**
   * Why this peer takes no part: what the platform refused it with, or a `NameTakenError`. `null` while it does. `subscribe`
   * tells of the change.
   */
  readonly error: unknown;
  /** Lets another peer lead; resolves when one does, at once if this peer does not lead. `to` names it. Alone, this peer leads again after `backOffMs`. */
  stepDown(options?: { readonly to?: string; readonly backOffMs?: number }): Promise<void>;
  /** Calls `listener` now with the present state and again at every change of it. Returns what ends it. */
  subscribe(listener: (leadership: Leadership) => void): () => void;
  /** Ends this hold: the function's clean-up runs, and if this was the last hold of the name in this realm its peer leaves. Idempotent. */
  close(): Promise<void>;
}

/** Options of `lead`. */
export type LeadOptions = PeerOptions;

/**
 * Competes for leadership of `name`, and runs `run` whenever this peer has it. A second `lead` of a name in one realm
 * shares the peer and replaces the function. @throws BadArgumentError, UnsupportedRuntimeError
 */
export type Lead = (name: string, run: LeadFunction, options?: LeadOptions) => Leadership;

/** How long a clean-up may hold leadership up. */
const cleanUpLimitMs = 1000;

/** One tenure in which the function runs, or is being cleaned up after. */
interface Tenure {
  readonly token: Token;
  readonly aborter: AbortController;
  /** What the function comes to: nothing, or what to do at the end. */
  cleanUp: Promise<void | CleanUp>;
}

/** The peer that all holds of one name in a realm share. */
interface LeadPeer {
  hold(run: LeadFunction): Leadership;
}

export function createLead(defaultMedium: MediumFactory | null): Lead {
  const peers = new Map<string, LeadPeer>();
  const closing = new Map<string, Promise<void>>();

  function create(name: string, key: string, options: LeadOptions): LeadPeer {
    const onClosing = (closed: Promise<void>) => {
      peers.delete(key);
      closing.set(key, closed);
      void closed.then(() => {
        if (closing.get(key) === closed) closing.delete(key);
      });
    };
    const peer = createLeadPeer(name, key, options, defaultMedium, closing.get(key) ?? Promise.resolve(), onClosing);
    peers.set(key, peer);
    return peer;
  }

  return (name, run, options = {}) => {
    // Apart from the servers of that name, which have other things to say to one another.
    const key = `/${clusterKey(name, options.namespace)}`;
    return (peers.get(key) ?? create(name, key, options)).hold(run);
  };
}

/** A peer that opens once the one before it in this realm has closed, whose name it may bear. */
function createLeadPeer(
  name: string,
  key: string,
  options: LeadOptions,
  defaultMedium: MediumFactory | null,
  before: Promise<void>,
  onClosing: (closed: Promise<void>) => void,
): LeadPeer {
  const { config, medium, peer } = configure(key, options, defaultMedium, false);
  const { clock, lifecycle } = medium;
  /** The function of the latest hold runs. */
  const holds: { readonly leadership: Leadership; readonly run: LeadFunction }[] = [];
  const listeners = new Set<() => void>();
  const stepDowns = new StepDowns();
  let tenure: Tenure | null = null;
  let lastEnded: Promise<void> = Promise.resolve();
  let closed: Promise<void> | null = null;
  let lastSeen: unknown = null;
  let failure: unknown = null;
  let isSuspended = false;

  const driver = createDriver(
    peer,
    config,
    medium,
    {
      deliver,
      cancel() {},
      tenureEnded(token) {
        if (tenure?.token === token) void endTenure();
      },
      drain: (token) => void endTenure().then(() => driver.dispatch({ type: "drained", token })),
      stepDownRefused: (request) => stepDowns.refuse(request),
      handOverAbandoned(successor) {
        stepDowns.abandon(successor);
        const { phase, token } = driver.state;
        if (phase.type === "leading" && token !== null && tenure === null) beginTenure(token);
      },
      nameTaken: (other) => fail(new NameTakenError(other)),
      failed: fail,
      note() {},
      trace() {},
      settled,
    },
    preferenceOf(options.prefer, lifecycle?.visible ?? false),
  );
  const election = createElection(
    () => driver.state,
    () => driver.state.position.sequence,
  );
  const unwatch = lifecycle?.watch({
    suspend() {
      isSuspended = true;
      driver.close();
    },
    resume() {
      isSuspended = false;
      open();
    },
    visible(visible) {
      driver.dispatch({ type: "preference", preference: preferenceOf(options.prefer, visible) });
      if (visible) driver.dispatch({ type: "look" });
    },
  });

  function open(): void {
    before
      .then(() => {
        if (closed !== null || isSuspended) return;
        failure = null;
        return driver.open();
      })
      .catch(fail);
  }

  function fail(error: unknown): void {
    options.logger?.error(`gen-leader: "${name}" cannot take part`, error);
    failure = error;
    driver.close();
    stepDowns.end(({ reject }) => reject(error));
    tellListeners();
  }

  function tellListeners(): void {
    for (const listener of [...listeners]) callListener(listener, options.logger);
  }

  /** Nothing is replicated here: a sync says nothing, and whoever is elected leads at once. */
  function deliver(delivery: Delivery): void {
    if (delivery.type !== "elected") return;
    const { token, joiner } = delivery;
    driver.dispatch({ type: "synced", token, joiner, sync: null, to: "joiner" });
    if (joiner === null) beginTenure(token);
  }

  function beginTenure(token: Token): void {
    const aborter = new AbortController();
    const begun: Tenure = { token, aborter, cleanUp: Promise.resolve() };
    tenure = begun;
    // The function never overlaps with itself: the last tenure on this peer is cleaned up after first.
    begun.cleanUp = lastEnded.then(async () => {
      if (aborter.signal.aborted) return;
      return holds.at(-1)?.run({ signal: aborter.signal, epoch: token.epoch, token });
    });
    begun.cleanUp.catch((error: unknown) => {
      options.logger?.error(`gen-leader: the function that leads "${name}" threw; stepping aside`, error);
      if (tenure === begun && !aborter.signal.aborted) void stepAside(undefined, config.limits.backOffMs).catch(() => {});
    });
  }

  /** Ends the function's tenure: it is told at once, and awaited for a second. */
  function endTenure(): Promise<void> {
    const ending = tenure;
    if (ending === null) return lastEnded;
    tenure = null;
    ending.aborter.abort();
    const cleaned = ending.cleanUp
      // A function that threw has said so, and left nothing to clean up.
      .catch(() => {})
      .then((cleanUp) => cleanUp?.())
      .catch((error: unknown) => {
        options.logger?.error(`gen-leader: the clean-up of "${name}" threw`, error);
      });
    let cancel = () => {};
    const limit = new Promise<void>((resolve) => {
      cancel = clock.schedule(resolve, cleanUpLimitMs);
    });
    lastEnded = Promise.race([cleaned, limit]).then(cancel);
    return lastEnded;
  }

  /** The function of another hold takes over within the tenure. Resolves when the one before has been cleaned up after. */
  function changeFunction(): Promise<void> {
    if (tenure === null) return lastEnded;
    const { token } = tenure;
    const ended = endTenure();
    beginTenure(token);
    return ended;
  }

  function settled(): void {
    const { phase, members, peers: others, token } = driver.state;
    stepDowns.look(driver.state);
    const seen = [phase, members, others, token] as const;
    if (Array.isArray(lastSeen) && seen.every((part, index) => part === (lastSeen as readonly unknown[])[index])) return;
    lastSeen = seen;
    tellListeners();
  }

  async function stepAside(to: string | undefined, backOffMs: number): Promise<void> {
    const { members, phase, self, token } = driver.state;
    if (phase.type !== "leading") return;
    const successor = to === undefined ? null : findPeer(members.keys(), to);
    if (to !== undefined && successor === null) throw new PeerDownError(to, "not-started");
    const isAlone = ![...members.values()].some((member) => member.id !== self && roleIn(config, member) === "candidate");
    const led = stepDowns.open(token, to, (request) =>
      driver.dispatch({ type: "step-down", request, to: successor, backOffMs, alone: "resign" }),
    );
    if (isAlone && to === undefined) stepDowns.end(({ resolve }) => resolve());
    return led;
  }

  /** The last hold is gone: clean up, then let go of the fence. */
  async function close(): Promise<void> {
    await endTenure();
    driver.close();
    // Not before: until the fence is given back, a page that goes away has to give it back.
    unwatch?.();
    stepDowns.end(({ resolve }) => resolve());
    tellListeners();
    listeners.clear();
  }

  open();
  return {
    hold(next) {
      const isHeld = () => holds.some((hold) => hold.leadership === leadership);
      const leadership: Leadership = {
        election,
        guarantees: medium.guarantees,
        get error() {
          return failure;
        },
        get isLeader() {
          return isHeld() && election.isLeader;
        },
        async stepDown({ to, backOffMs = config.limits.backOffMs } = {}) {
          if (isHeld()) await stepAside(to, backOffMs);
        },
        subscribe(listener) {
          const own = () => listener(leadership);
          listeners.add(own);
          own();
          return () => listeners.delete(own);
        },
        async close() {
          const place = holds.findIndex((hold) => hold.leadership === leadership);
          if (place < 0) return closed ?? undefined;
          const wasLatest = place === holds.length - 1;
          holds.splice(place, 1);
          if (holds.length > 0) return wasLatest ? changeFunction() : undefined;
          closed = close();
          onClosing(closed);
          return closed;
        },
      };
      holds.push({ leadership, run: next });
      void changeFunction();
      return leadership;
    },
  };
}
