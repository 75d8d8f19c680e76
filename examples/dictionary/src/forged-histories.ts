/**
 * Histories that cannot have been: recorded ones, in which one thing is changed. A check that lets any of them pass checks
 * nothing.
 *
 * @module
 */
import type { Operation } from "@gen-leader/testing";
import type { DictionaryRequest } from "./dictionary-model.js";

type Call = Operation<DictionaryRequest, unknown>;
type AnsweredCall = Call & { readonly returned: NonNullable<Call["returned"]> };

/** A history that no order explains. */
export interface ForgedHistory {
  /** What was changed, for the person who reads that it went unnoticed. */
  readonly what: string;
  readonly history: readonly Call[];
}

/**
 * Falsifies so many of the answers, spread over the whole history. Each forged one holds the calls about one key. That no order
 * explains them is no matter of luck, as long as every value of the recorded history was written by one call only.
 */
export function forgeHistories(history: readonly Call[], answers: number): readonly ForgedHistory[] {
  const telling = history.filter(isAnswered).filter(({ input }) => input.type === "append" || input.type === "lookup");
  const step = Math.max(1, Math.floor(telling.length / answers));
  return telling
    .filter((_, index) => index % step === 0)
    .flatMap((call) =>
      forge(
        history.filter(({ input }) => input.key === call.input.key),
        call,
      ),
    );
}

/** The lies that one answer allows. */
function forge(history: readonly Call[], call: AnsweredCall): readonly ForgedHistory[] {
  const name = `${call.client} at ${call.calledAt}`;
  if (call.input.type === "append")
    return [{ what: `${name} was told another length`, history: withAnswer(history, call, history.length + 1) }];
  const answer = { what: `${name} found what nobody had written`, history: withAnswer(history, call, "written by nobody") };
  const write = history.find(({ input }) => "value" in input && holds(call.returned.output, input.value));
  if (write === undefined) return [answer];
  return [
    answer,
    { what: `${name} found what nobody had asked for`, history: history.filter((one) => one !== write) },
    { what: `${name} found what was asked for later`, history: withLater(history, write, call.returned.at) },
  ];
}

function isAnswered(call: Call): call is AnsweredCall {
  return call.returned !== null;
}

function holds(found: unknown, value: unknown): boolean {
  return Array.isArray(found) ? found.includes(value) : found === value;
}

function withAnswer(history: readonly Call[], call: AnsweredCall, output: unknown): readonly Call[] {
  return history.map((one) => (one === call ? { ...call, returned: { at: call.returned.at, output } } : one));
}

/** The history in which a write was asked for, and answered, only after that time. */
function withLater(history: readonly Call[], write: Call, at: number): readonly Call[] {
  const returned = write.returned === null ? null : { ...write.returned, at: at + 2 };
  return history.map((one) => (one === write ? { ...write, calledAt: at + 1, returned } : one));
}
