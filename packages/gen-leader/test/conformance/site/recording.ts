/**
 * The behaviour of the conformance tests: keeps a list of items, does as it is told, and takes down every callback.
 *
 * @module
 */
import { type Behaviour, type Context, type From, ok, type PeerId, reply, sync, type Token } from "gen-leader";
import { type Act, type Items, perform, type Stage, untyped } from "./acts.js";
import type { LeaderCast, LocalCast, Plan } from "./messages.js";
import { type CallbackRecord, describeFailure, type Happening, viewOf } from "./records.js";

/** What a leader hands to who surrenders: its items, and that it is its. */
export interface RecordedSync {
  readonly by: PeerId;
  readonly items: Items;
}

export interface RecordingTypes {
  readonly args: Plan;
  readonly state: Items;
  readonly sync: RecordedSync;
  readonly broadcast: unknown;
  readonly leaderCalls: {
    /** Appends and broadcasts an item; answers with the number of items. */
    append(request: { readonly item: string }): number;
    read(): Items;
    act(request: { readonly act: Act }): unknown;
  };
  readonly leaderCasts: LeaderCast;
  readonly calls: { read(): Items; act(request: { readonly act: Act }): unknown };
  readonly casts: LocalCast;
  readonly infos: unknown;
}

/** What the behaviour needs around it. */
export interface Surroundings extends Omit<Stage, "keep"> {
  record(record: CallbackRecord): void;
  keep(name: string, from: From): void;
}

export function createRecordingBehaviour(plan: Plan, around: Surroundings): Behaviour<RecordingTypes> {
  function take(
    callback: Happening,
    payload: unknown,
    state: Items | null,
    ctx: (Context<RecordingTypes> & { readonly token?: Token }) | null,
    details: CallbackRecord["details"] = {},
  ): void {
    around.record({ callback, payload, state, view: ctx === null ? null : viewOf(ctx.election), token: ctx?.token ?? null, details });
  }
  const act = (what: Act, items: Items, from: From | null = null) =>
    untyped(
      perform(what, items, {
        keep(name) {
          if (from !== null) around.keep(name, from);
        },
        latch: (name) => around.latch(name),
        blocking: (cell) => around.blocking(cell),
      }),
    );

  return {
    init(args) {
      take("init", args, null, null);
      return plan.init === undefined ? ok([]) : act(plan.init, []);
    },
    elected(items, joiner, ctx) {
      take("elected", joiner, items, ctx, { mayHaveLost: ctx.mayHaveLost });
      return plan.elected === undefined ? sync(items, { by: ctx.self, items }) : act(plan.elected, items);
    },
    surrendered(items, received, ctx) {
      take("surrendered", received, items, ctx, { lost: ctx.lost, deposed: ctx.deposed, version: ctx.version });
      return plan.surrendered === undefined ? ok(received.items) : act(plan.surrendered, items);
    },
    fromLeader(items, message, ctx) {
      take("fromLeader", message, items, ctx, { version: ctx.version });
      if (plan.fromLeader !== undefined) return act(plan.fromLeader, items);
      return ok(typeof message === "string" ? [...items, message] : items);
    },
    handleLeaderCall(items, request, ctx) {
      take("handleLeaderCall", request, items, ctx, { from: ctx.from.peer });
      switch (request.type) {
        case "append":
          return reply([...items, request.item], items.length + 1, { broadcast: request.item });
        case "read":
          return reply(items, items);
        case "act":
          return act(request.act, items, ctx.from);
      }
    },
    handleLeaderCast(items, message, ctx) {
      take("handleLeaderCast", message, items, ctx);
      if (message.type === "append") return ok([...items, message.item], { broadcast: message.item });
      return act(message.act, items);
    },
    handleDown(items, peer, ctx) {
      take("handleDown", peer, items, ctx, { reason: ctx.reason });
      return plan.handleDown === undefined ? ok(items) : act(plan.handleDown, items);
    },
    handleCall(items, request, ctx) {
      take("handleCall", request, items, ctx, { from: ctx.from.peer });
      return request.type === "read" ? reply(items, items) : act(request.act, items, ctx.from);
    },
    handleCast(items, message, ctx) {
      take("handleCast", message, items, ctx);
      return message.type === "act" ? act(message.act, items) : ok(items);
    },
    handleInfo(items, message, ctx) {
      take("handleInfo", message, items, ctx);
      return ok(items);
    },
    terminate(items, reason) {
      take("terminate", reason instanceof Error ? describeFailure(reason) : reason, items, null);
    },
  };
}
