/**
 * What the users of all tabs saw, as one history on the test's clock: read from the log of a scenario.
 *
 * @module
 */
import type { DictionaryRequest } from "@gen-leader/example-dictionary/model";
import type { Operation } from "@gen-leader/testing";
import type { CallEnd } from "../pages/src/records.js";
import { type ClockOffset, earliest, latest } from "./clock-offset.js";
import type { Entry } from "./journal.js";

/** A call of a user, as the test asked a tab to make it. */
export interface AskedCall {
  /** Its name in the log. */
  readonly call: string;
  readonly tab: string;
  readonly request: DictionaryRequest;
  /** When the tab was asked, on the test's clock. */
  readonly at: number;
}

/**
 * The history of these calls. The time between a call and its answer may come out longer than it was, by what is not known of
 * the clocks, and never shorter: an order that was possible stays possible, so that no violation is found that was none.
 *
 * The test tells which calls there were, and the log what became of them: of a tab that is killed, the last records may be
 * lost, though what it sent to the leader was not. Where there is no record, the call may have been made as soon as the tab was asked.
 */
export function historyOf(
  asked: readonly AskedCall[],
  entries: readonly Entry[],
  clocks: ReadonlyMap<string, ClockOffset>,
): readonly Operation<DictionaryRequest, unknown>[] {
  const calledAt = new Map<string, number>();
  const ends = new Map<string, { readonly at: number; readonly end: CallEnd }>();
  for (const { record } of entries) {
    if (record.type === "called") calledAt.set(record.call, record.at);
    if (record.type === "returned") ends.set(record.call, record);
  }
  return asked.flatMap(({ call, tab, request, at }): readonly Operation<DictionaryRequest, unknown>[] => {
    const clock = clocks.get(tab);
    if (clock === undefined) throw new Error(`The clock of ${tab} was not measured.`);
    const begun = calledAt.get(call);
    const operation = { client: call, input: request, calledAt: begun === undefined ? at : earliest(begun, clock) };
    const ended = ends.get(call);
    if (ended?.end.type === "reply") return [{ ...operation, returned: { at: latest(ended.at, clock), output: ended.end.value } }];
    if (ended?.end.outcome === "not-started") return [];
    // A lookup that was not answered tells nothing.
    return request.type === "lookup" ? [] : [{ ...operation, returned: null }];
  });
}
