/**
 * Callbacks as the driver calls them: the types of one behaviour are forgotten here, results are checked instead.
 *
 * @module
 */
import type { PeerId } from "@gen-leader/protocol";
import { BadReturnValueError } from "./errors.js";

/** Any behaviour. Every `Behaviour<T>` fits, since what it declares of its parameters is checked where it is written. */
export interface Callbacks {
  init(args: unknown): unknown;
  elected(state: unknown, joiner: PeerId | null, ctx: unknown): unknown;
  surrendered(state: unknown, sync: unknown, ctx: unknown): unknown;
  fromLeader?(state: unknown, message: unknown, ctx: unknown): unknown;
  handleLeaderCall?(state: unknown, request: unknown, ctx: unknown): unknown;
  handleLeaderCast?(state: unknown, message: unknown, ctx: unknown): unknown;
  handleDown?(state: unknown, peer: PeerId, ctx: unknown): unknown;
  handleCall?(state: unknown, request: unknown, ctx: unknown): unknown;
  handleCast?(state: unknown, message: unknown, ctx: unknown): unknown;
  handleInfo?(state: unknown, message: unknown, ctx: unknown): unknown;
  terminate?(state: unknown, reason: unknown): unknown;
  codeChange?(state: unknown, fromVersion: number, ctx: unknown): unknown;
  snapshot?(state: unknown): unknown;
}

/** A result of any callback. */
export type AnyResult =
  | { readonly type: "ok"; readonly state: unknown; readonly broadcast?: unknown }
  | { readonly type: "reply"; readonly state: unknown; readonly reply: unknown; readonly broadcast?: unknown }
  | { readonly type: "noreply"; readonly state: unknown; readonly broadcast?: unknown }
  | {
      readonly type: "stop";
      readonly state: unknown;
      readonly reason: unknown;
      readonly options?: { readonly reply?: unknown; readonly broadcast?: unknown };
    }
  | { readonly type: "sync"; readonly state: unknown; readonly sync: unknown; readonly to: "joiner" | "all" }
  | { readonly type: "ignore" };

type ResultType = AnyResult["type"];

/** Which results each callback may return. */
const allowed = {
  init: ["ok", "stop", "ignore"],
  elected: ["sync", "stop"],
  surrendered: ["ok", "stop"],
  fromLeader: ["ok", "stop"],
  handleLeaderCall: ["reply", "noreply", "stop"],
  handleLeaderCast: ["ok", "stop"],
  handleDown: ["ok", "stop"],
  handleCall: ["reply", "noreply", "stop"],
  handleCast: ["ok", "stop"],
  handleInfo: ["ok", "stop"],
  codeChange: ["ok"],
} as const satisfies { readonly [name: string]: readonly ResultType[] };

export type CheckedCallback = keyof typeof allowed;

export type ResultOf<Name extends CheckedCallback> = Extract<AnyResult, { readonly type: (typeof allowed)[Name][number] }>;

function isResult(value: unknown, types: readonly ResultType[]): value is AnyResult {
  if (typeof value !== "object" || value === null || !("type" in value)) return false;
  const { type } = value;
  if (type === "ignore") return types.includes("ignore");
  return types.some((allowedType) => allowedType === type) && "state" in value;
}

function isResultOf<Name extends CheckedCallback>(name: Name, value: unknown): value is ResultOf<Name> {
  return isResult(value, allowed[name]);
}

/** The result that a callback returned. @throws BadReturnValueError if it is none that this callback may return */
export function checkResult<Name extends CheckedCallback>(name: Name, value: unknown): ResultOf<Name> {
  if (isResultOf(name, value)) return value;
  throw new BadReturnValueError(name, value, allowed[name].join(", "));
}

/** A result that ends no server. */
export type Going<R extends AnyResult> = Exclude<R, { readonly type: "stop" }>;

export function goesOn<R extends AnyResult>(result: R): result is Going<R> {
  return result.type !== "stop";
}

export function isStop(result: AnyResult): result is Extract<AnyResult, { readonly type: "stop" }> {
  return result.type === "stop";
}
