/**
 * The behaviour under a store: commands run on the leader, their commits reach the others as broadcasts, everybody acknowledges how far it is,
 * and what is far enough everywhere is committed. Whoever wins has all that was acknowledged, or gathers it before it serves.
 *
 * @module
 */
import { type Behaviour, type Context, compareTokens, type ElectedContext, noreply, ok, type PeerId, sync, type Token } from "gen-leader";
import { createCatchUp, type Place } from "./catch-up.js";
import type { Commands } from "./commands.js";
import type { ErrorClass } from "./error-transfer.js";
import { createGathering, type Gathering } from "./gathering.js";
import { type CallResult, createLeader, type RunContext } from "./leader.js";
import { type Ledger, latestOf } from "./ledger.js";
import { defaultStoreLimits } from "./limits.js";
import { markOf } from "./lineage.js";
import { type Offer, offerOf } from "./offer.js";
import { createRecentCommits } from "./recent-commits.js";
import type { Commit, Replica } from "./replica.js";
import type { Keeper, StorageReport } from "./storage/persistence.js";
import type { StoreHost } from "./store-host.js";
import type { Notice, RunRequest, StoreTypes } from "./store-types.js";

/** A call that waits until the leader has all that there is. */
interface Held<S> {
  readonly request: { readonly type: "barrier" } | ({ readonly type: "run" } & RunRequest);
  readonly ctx: RunContext<S>;
}

type TenureContext<S> = Pick<Context<StoreTypes<S>>, "election" | "broadcast" | "self" | "signal">;

/** `first` is what this peer has before it hears of a leader. `errors` are the classes that callers know. */
export function createStoreBehaviour<S extends object>(
  first: Replica<S>,
  commands: Commands<S>,
  errors: readonly ErrorClass[],
  host: StoreHost<S>,
  limits = defaultStoreLimits,
): Behaviour<StoreTypes<S>> {
  const { keeper } = host;
  const recent = createRecentCommits(limits);
  const leader = createLeader(commands, errors, recent, limits.tentative, host);
  const catchUp = createCatchUp(recent, limits, host);
  /** As whom this peer had a leader's copy, or led: it comes back as somebody else when it was away. */
  let inStepAs: PeerId | null = null;
  /** As long as this peer leads and may lack what others have. */
  let gathering: Gathering | null = null;
  let held: Held<S>[] = [];

  /** What a peer that has won goes on with: its own ledger, or what is stored if that is more. */
  async function takeOver(storage: Keeper<S>, ledger: Ledger<S>, token: Token, { self, signal }: TenureContext<S>): Promise<Ledger<S>> {
    const report = (told: StorageReport): void => host.send(token.leader, { type: "stored", ...told });
    try {
      const own = latestOf(ledger);
      const after = (position: number): readonly Commit[] | null => recent.after(position, own.position);
      const restored = await storage.takeOver(token, { own, after, isInStep: inStepAs === self, report });
      if (signal.aborted) return ledger;
      leader.isKept = true;
      if (restored === null) return ledger;
      recent.clear();
      host.showTakenOver(restored, null);
      return { committed: restored, tentative: [] };
    } catch (error) {
      // Who was in step has all that anybody was promised; who was not may lack what is stored.
      if (inStepAs !== self) throw error;
      return ledger;
    }
  }

  /** This peer leads with what it has. */
  function lead(ledger: Ledger<S>, token: Token, { self, election }: TenureContext<S>): Ledger<S> {
    leader.begin(election);
    catchUp.lead(token);
    inStepAs = self;
    // What a leader before was to store is not waited for.
    if (!leader.isKept) host.send(self, { type: "stored", token, position: latestOf(ledger).position, isStored: false });
    // What it was left with is committed when all have it, whether or not anybody asks for anything.
    leader.acknowledge(self, token, ledger);
    return ledger;
  }

  function handle(ledger: Ledger<S>, { request, ctx }: Held<S>): CallResult<S> | Promise<CallResult<S>> {
    return request.type === "run" ? leader.run(ledger, request, ctx) : leader.awaitAll(ledger, ctx);
  }

  /** Goes on with what is there, if everybody who is there has said what that is. */
  async function gather(ledger: Ledger<S>, token: Token, ctx: TenureContext<S>): Promise<Ledger<S>> {
    const { self, election } = ctx;
    if (gathering === null) return ledger;
    const best = gathering.best(
      election.inStep.filter((peer) => peer !== self),
      markOf(latestOf(ledger)),
    );
    if (best === "unknown") return ledger;
    if (best !== "own") {
      if (gathering.ask(best)) catchUp.ask(ledger, best, { self, token });
      return ledger;
    }
    return serve(ledger, token, ctx);
  }

  /** Serves, with all that there is, and first whoever has waited for that. */
  async function serve(gathered: Ledger<S>, token: Token, ctx: TenureContext<S>): Promise<Ledger<S>> {
    if (gathering?.isComplete === true) inStepAs = ctx.self;
    let ledger = keeper === null ? gathered : await takeOver(keeper, gathered, token, ctx);
    if (ctx.signal.aborted) return gathered;
    gathering = null;
    ledger = lead(ledger, token, ctx);
    ctx.broadcast({ type: "offered", offer: offerOf(ledger, recent, limits.tail) });
    const calls = held;
    held = [];
    for (const call of calls) {
      // They are asked again of whoever leads by now.
      if (ctx.signal.aborted) break;
      const result = await handle(ledger, call);
      ledger = result.state;
      if (result.type === "reply") host.answer(call.ctx.from, result.reply);
    }
    return ledger;
  }

  /** Another tenure begins, of whoever. */
  function begin(): void {
    leader.isKept = false;
    gathering = null;
    held = [];
  }

  /** A peer that has what its leader has says so. */
  function follow(ledger: Ledger<S>, { self, token }: Place): Ledger<S> {
    inStepAs = catchUp.isBehind ? null : self;
    if (!catchUp.isBehind) leader.acknowledge(self, token, ledger);
    return ledger;
  }

  /** A peer hears what somebody lacks, or gets what it lacks itself. */
  function hear(ledger: Ledger<S>, notice: Notice, place: Place, isLeader: boolean): Ledger<S> {
    if (notice.type === "wants") catchUp.supply(ledger, notice.peer, notice.mark, notice.request, place.token);
    else if (notice.type === "goes on") catchUp.supplyMore(notice.peer, place.token);
    else if (notice.type === "offered")
      return catchUp.isBehind && !isLeader ? follow(catchUp.take(ledger, notice.offer, place), place) : ledger;
    else if (notice.type === "pieces" && catchUp.receive(notice.pieces, notice.request, place)) {
      const whole = catchUp.finish(ledger, place.token);
      return isLeader ? whole : follow(whole, place);
    }
    return ledger;
  }

  /** A leader is told how far somebody is, or its storage. */
  function hearAsLeader(ledger: Ledger<S>, notice: Notice, token: Token, ctx: TenureContext<S>): Ledger<S> | Promise<Ledger<S>> {
    const acknowledgements = leader.acknowledgements(ctx.election);
    if (notice.type === "applied" || notice.type === "stored") acknowledgements.note(notice);
    else if (notice.type === "wants") acknowledgements.exclude(notice.peer);
    else if (notice.type === "has") {
      if (gathering === null) host.send(notice.peer, { type: "offered", token, offer: offerOf(ledger, recent, limits.tail) });
      else gathering.note(notice.peer, notice);
    }
    return gathering === null ? leader.commit(ledger, ctx) : gather(ledger, token, ctx);
  }

  return {
    init: () => ok({ committed: first, tentative: [] }),

    elected(ledger, joiner, ctx: ElectedContext<StoreTypes<S>>) {
      const { token } = ctx;
      const offer = (own: Ledger<S>): Offer | null => (gathering === null ? offerOf(own, recent, limits.tail) : null);
      if (joiner !== null) return sync(ledger, offer(ledger));
      begin();
      catchUp.begin([], false);
      if (catchUp.isBehind) {
        gathering = createGathering();
        leader.begin(ctx.election);
        leader.acknowledge(ctx.self, token, ledger);
        return sync(ledger, null);
      }
      const start = (own: Ledger<S>) => sync(lead(own, token, ctx), offer(own));
      if (keeper === null) return start(ledger);
      // What comes of a tenure that has ended meanwhile is discarded, and must have done nothing.
      return takeOver(keeper, ledger, token, ctx).then((own) => (ctx.signal.aborted ? sync(ledger, null) : start(own)));
    },

    handleLeaderCall(ledger, request, ctx) {
      if (gathering === null) return handle(ledger, { request, ctx });
      held.push({ request, ctx });
      return noreply(ledger);
    },

    handleDown(ledger, peer, { election, self }) {
      gathering?.forget(peer);
      catchUp.forget(peer);
      // One fewer to wait for. It is committed in a callback whose result counts whatever becomes of the tenure.
      if (election.token !== null) leader.acknowledge(self, election.token, ledger);
      return ok(ledger);
    },

    handleCast(before, notice, ctx) {
      const { self, election } = ctx;
      const { token, isLeader } = election;
      if (token === null || compareTokens(notice.token, token) !== 0) return ok(before);
      const ledger = hear(before, notice, { self, token }, isLeader);
      if (!isLeader) return ok(ledger);
      const next = hearAsLeader(ledger, notice, token, ctx);
      return next instanceof Promise ? next.then((served) => ok(served)) : ok(next);
    },

    // --- the others ---

    surrendered(before, offer, { election, self, token, lost }) {
      begin();
      leader.begin(election);
      catchUp.begin(lost, inStepAs === self);
      const place = { self, token };
      return ok(follow(catchUp.take(before, offer, place), place));
    },

    fromLeader(ledger, entry, { self, token }) {
      const place = { self, token };
      if (entry.type === "offered") return ok(catchUp.isBehind ? follow(catchUp.take(ledger, entry.offer, place), place) : ledger);
      const next = catchUp.hear(ledger, entry);
      if (entry.type === "made" && entry.commit.durability !== "leader") follow(next, place);
      return ok(next);
    },

    snapshot: (ledger) => (catchUp.isBehind ? null : offerOf(ledger, recent, limits.tail)),

    // What was made is written, before anybody else leads.
    terminate: () => keeper?.close(),
  };
}
