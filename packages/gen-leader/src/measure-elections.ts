/**
 * Elections in the performance panel of the browser, or wherever else the User Timing API is read.
 *
 * @module
 */
import type { Election } from "@gen-leader/behaviour";
import { nameOf, type Token } from "@gen-leader/protocol";

/** What tells of its view of the cluster: a server, or what `lead` returns. */
interface Observable {
  subscribe(listener: (status: { readonly election: Election }) => void): () => void;
}

/** What the entries tell in their `detail`. */
export interface ElectionDetail {
  /** The peer that saw it. */
  readonly self: string;
  readonly token: Token;
  /** The track of the performance panel in which the entry is shown, as Chromium reads it. */
  readonly devtools: { readonly track: string };
}

/**
 * Has every election that this peer sees appear in the performance panel, by the User Timing API: as a measure from when no leader was known
 * to when one was, or as a mark where one leader followed another without a gap. Entries are called `gen-leader <name>: <peer> leads`.
 * Runs in the realm that calls it; they stay in the timeline until `performance.clearMeasures` and `performance.clearMarks`.
 *
 * @param name what the entries are called by: that of the server, as a rule
 * @returns what ends it
 * @see https://www.w3.org/TR/user-timing/
 */
export function measureElections(name: string, observable: Observable): () => void {
  let missingSince: number | null = null;
  /** The last that was told; of one that led already when this began, nobody knows since when. */
  let last: Token | null = null;
  return observable.subscribe(({ election: { self, leader, token } }) => {
    if (leader === null || token === null) {
      missingSince ??= performance.now();
      return;
    }
    const isFirst = last === null && missingSince === null;
    if (isFirst || (last?.epoch === token.epoch && last.leader === token.leader && missingSince === null)) {
      last = token;
      return;
    }
    const title = `gen-leader ${name}: ${nameOf(leader)} leads`;
    const detail: ElectionDetail = { self, token, devtools: { track: "gen-leader" } };
    if (missingSince === null) performance.mark(title, { detail });
    else performance.measure(title, { start: missingSince, end: performance.now(), detail });
    missingSince = null;
    last = token;
  });
}
