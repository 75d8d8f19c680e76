/**
 * A store's behaviour without a server around it: a test says what it hears, in which tenure, and sees what it says.
 */
import type { Context, Election, From, PeerId, Token } from "gen-leader";
import type { Draft } from "mutative";
import type { Ledger } from "../src/ledger.js";
import { defaultStoreLimits, type StoreLimits } from "../src/limits.js";
import type { Offer } from "../src/offer.js";
import { blankReplica } from "../src/replica.js";
import type { Keeper } from "../src/storage/persistence.js";
import { createStoreBehaviour } from "../src/store-behaviour.js";
import type { Acknowledgement, Answer, Entry, Notice, RunRequest, StoreTypes } from "../src/store-types.js";

export interface Count {
  readonly value: number;
}

const commands = {
  add(draft: Draft<Count>, by: number) {
    if (by < 0) throw new RangeError("It only grows.");
    draft.value += by;
    return draft.value;
  },
  async addLater(draft: Draft<Count>, by: number) {
    await Promise.resolve();
    return commands.add(draft, by);
  },
};

/** An election in which a test decides. */
export interface ImaginedElection extends Election {
  leads(token: Token, inStep: readonly PeerId[]): void;
  follows(token: Token): void;
}

export function imagineElection(self: PeerId, workers: readonly PeerId[] = []): ImaginedElection {
  let token: Token | null = null;
  let inStep: readonly PeerId[] = [self];
  let isLeader = false;
  return {
    self,
    workers,
    leads(next, peers) {
      [token, inStep, isLeader] = [next, peers, true];
    },
    follows(next) {
      [token, isLeader] = [next, false];
    },
    get token() {
      return token;
    },
    get epoch() {
      return token?.epoch ?? 0;
    },
    get leader() {
      return token?.leader ?? null;
    },
    get isLeader() {
      return isLeader;
    },
    get phase() {
      return isLeader ? "leading" : "following";
    },
    get inStep() {
      return inStep;
    },
    get alive() {
      return inStep;
    },
    get candidates() {
      return inStep.filter((peer) => !workers.includes(peer));
    },
    applied: 0,
    down: [],
    members: [],
  };
}

export interface ImaginedPeer {
  readonly election: ImaginedElection;
  readonly ledger: Ledger<Count>;
  /** What it broadcast, whom it answered, what it acknowledged to others, what its readers saw: each since it was asked last. */
  said(): readonly Entry[];
  answered(): readonly { readonly call: number; readonly answer: unknown }[];
  acknowledged(): readonly Acknowledgement[];
  shown(): readonly number[];
  /** The positions that its readers have lost, when it last took over a leader's ledger. */
  readonly lost: readonly number[] | null;
  elected(): Promise<void>;
  /** What it tells whoever surrenders to it. */
  offer(): Promise<Offer | null>;
  surrenders(offer: Offer | null, token: Token, lost?: readonly Entry[]): Promise<void>;
  hears(entry: Entry): Promise<void>;
  isAsked(request: RunRequest | "barrier"): Promise<void>;
  isTold(acknowledgement: Acknowledgement): Promise<void>;
  gets(notice: Notice): Promise<void>;
  /** What it told single peers beside acknowledgements, since it was asked last. */
  sent(): readonly { readonly to: PeerId; readonly notice: Notice }[];
  /** Whether its readers see what is old. */
  readonly isBehind: boolean;
  losesPeer(peer: PeerId): Promise<void>;
  /** What has begun in this tenure is over. */
  abort(): void;
  /** What it tells itself is on its way, until `hearsItself`. */
  isDeafToItself: boolean;
  hearsItself(): Promise<void>;
}

/** The request to add a number, the first of its client. */
export function adding(by: number, { isRepeated = false, number = 1, command = "add" } = {}): RunRequest {
  const origin = { client: "client", number, answered: number, seen: { position: 0, token: null } };
  return { origin, isRepeated, steps: [{ name: command, args: [by] }], durability: "replicated" };
}

export async function imaginePeer(
  election: ImaginedElection,
  limits: Partial<StoreLimits> = {},
  keeper: Keeper<Count> | null = null,
): Promise<ImaginedPeer> {
  const { self } = election;
  const entries: Entry[] = [];
  const answers: { readonly call: number; readonly answer: unknown }[] = [];
  const acknowledgements: Acknowledgement[] = [];
  const own: Notice[] = [];
  const sent: { readonly to: PeerId; readonly notice: Notice }[] = [];
  let isBehind = false;
  const shown: number[] = [];
  let calls = 0;
  let lost: readonly number[] | null = null;
  const behaviour = createStoreBehaviour<Count>(
    blankReplica({ value: 0 }),
    commands,
    [],
    {
      showCommits: ({ state }) => shown.push(state.value),
      showTakenOver({ state }, lostCommits) {
        shown.push(state.value);
        lost = lostCommits?.map(({ position }) => position) ?? null;
      },
      showInStep(token) {
        isBehind = token === null;
      },
      send(to, notice) {
        if (to === self) own.push(notice);
        else if (notice.type !== "applied") sent.push({ to, notice });
        else {
          const { peer, token, position } = notice;
          acknowledgements.push({ peer, token, position });
        }
      },
      keeper,
      answer: ({ call }, { answer }) => answers.push({ call, answer }),
    },
    { ...defaultStoreLimits, ...limits },
  );

  let aborter = new AbortController();
  const context: Context<StoreTypes<Count>> = {
    self,
    election,
    get signal() {
      return aborter.signal;
    },
    broadcast: (entry) => entries.push(entry),
  };

  const begun = await behaviour.init();
  if (begun.type !== "ok") throw new Error("It did not begin.");
  let ledger = begun.state;

  type Result = { readonly type: string; readonly state: Ledger<Count>; readonly reply?: Answer };
  async function take(result: Result | undefined, from?: From<Answer>): Promise<void> {
    if (result === undefined) throw new Error("It has no such callback.");
    ledger = result.state;
    if (from !== undefined && result.type === "reply") answers.push({ call: from.call, answer: result.reply?.answer });
    if (!peer.isDeafToItself) await peer.hearsItself();
  }

  function tokenOf(): Token {
    if (election.token === null) throw new Error("Nobody leads.");
    return election.token;
  }

  const peer: ImaginedPeer = {
    election,
    get ledger() {
      return ledger;
    },
    get lost() {
      return lost;
    },
    said: () => entries.splice(0),
    answered: () => answers.splice(0),
    acknowledged: () => acknowledgements.splice(0),
    shown: () => shown.splice(0),
    abort() {
      aborter.abort();
      aborter = new AbortController();
    },
    isDeafToItself: false,
    async hearsItself() {
      for (const notice of own.splice(0)) await peer.gets(notice);
    },
    async elected() {
      const result = await behaviour.elected(ledger, null, { ...context, token: tokenOf(), mayHaveLost: false });
      if (result.type !== "sync") throw new Error("It did not lead.");
      await take(result);
    },
    offer: async () => (await behaviour.snapshot?.(ledger)) ?? null,
    async surrenders(offer, token, lostEntries = []) {
      await take(await behaviour.surrendered(ledger, offer, { ...context, token, version: 0, lost: lostEntries, deposed: false }));
    },
    async hears(entry) {
      await take(await behaviour.fromLeader?.(ledger, entry, { ...context, token: tokenOf(), version: 0 }));
    },
    async isAsked(request) {
      calls += 1;
      const from: From<Answer> = { peer: self, call: calls };
      const asked = request === "barrier" ? ({ type: "barrier" } as const) : ({ type: "run", ...request } as const);
      await take(
        await behaviour.handleLeaderCall?.(ledger, asked, { self, election, broadcast: context.broadcast, signal: aborter.signal, from }),
        from,
      );
    },
    async isTold(acknowledgement) {
      await peer.gets({ type: "applied", ...acknowledgement });
    },
    async gets(notice) {
      await take(await behaviour.handleCast?.(ledger, notice, context));
    },
    sent: () => sent.splice(0),
    get isBehind() {
      return isBehind;
    },
    async losesPeer(gone) {
      await take(await behaviour.handleDown?.(ledger, gone, { ...context, reason: "crashed" }));
    },
  };
  return peer;
}

/** Lets what these peers tell each other arrive, until they have nothing to say. */
export async function deliver(...peers: readonly ImaginedPeer[]): Promise<void> {
  for (;;) {
    const all = peers.flatMap((peer) => peer.sent());
    if (all.length === 0) return;
    for (const { to, notice } of all) await peers.find(({ election }) => election.self === to)?.gets(structuredClone(notice));
  }
}

/** A keeper whose storage is a matter of words. */
export function imagineKeeper(takeOver: Keeper<Count>["takeOver"] = () => Promise.resolve(null)): Keeper<Count> {
  return {
    takeOver,
    read: () => Promise.resolve({ epoch: 0, replica: null }),
    keep: () => undefined,
    failure: null,
    close: () => Promise.resolve(),
  };
}
