/**
 * The broadcasts that a peer has applied, tenure by tenure, kept so that it can be told which of them a change of leader
 * loses: those of the present history, and those before it.
 *
 * @module
 */
import type { PeerState } from "./state.js";
import type { Stretch } from "./stretch.js";
import { type Position, sameToken, type Token } from "./token.js";

/** What becomes of the broadcasts that this peer has applied when it goes on with another history. */
interface Parted {
  /** Those that the other history has as well, latest tenure first. */
  readonly kept: readonly Stretch[];
  /** The others, oldest first. */
  readonly lost: readonly unknown[];
}

/** Parts them at the place where the history of `token`, with this ancestry, branched off. */
export function partLineage(state: PeerState, token: Token | null, ancestry: readonly Position[]): Parted {
  const kept: Stretch[] = [];
  const lost: unknown[] = [];
  /** Once one tenure is known to be shared, whatever led to it is. */
  let isShared = false;
  for (const stretch of lineage(state, state.position.sequence)) {
    const end = ancestry.find((ancestor) => sameToken(ancestor.token, stretch.token))?.sequence;
    const isPresent = sameToken(stretch.token, token);
    const shared = isPresent ? Number.POSITIVE_INFINITY : (end ?? (isShared ? Number.POSITIVE_INFINITY : 0));
    isShared ||= isPresent || end !== undefined;
    const broadcasts = stretch.broadcasts.filter(({ sequence }) => sequence <= shared);
    if (broadcasts.length > 0) kept.push({ token: stretch.token, broadcasts });
    lost.unshift(...stretch.broadcasts.slice(broadcasts.length).map(({ payload }) => payload));
  }
  return { kept, lost };
}

/**
 * Everything that this peer has applied as a broadcast, up to `sequence` of the present tenure, and remembers, latest tenure first:
 * as many as a history may hold.
 */
export function lineage({ config, position, base, entries, past }: PeerState, sequence: number): readonly Stretch[] {
  const present = entries.slice(0, Math.max(sequence - base.sequence, 0)).flatMap((entry, index) => {
    return entry.type === "message" ? [{ sequence: base.sequence + index + 1, payload: entry.payload }] : [];
  });
  if (position.token === null || present.length === 0) return past;
  const [latest, ...others] = past;
  const joined =
    latest !== undefined && sameToken(latest.token, position.token)
      ? [{ token: latest.token, broadcasts: [...latest.broadcasts, ...present] }, ...others]
      : [{ token: position.token, broadcasts: present }, ...past];
  return newest(joined, config.historyLimit);
}

function newest(stretches: readonly Stretch[], limit: number): readonly Stretch[] {
  const kept: Stretch[] = [];
  let room = limit;
  for (const { token, broadcasts } of stretches) {
    if (room <= 0) break;
    kept.push({ token, broadcasts: broadcasts.slice(-room) });
    room -= broadcasts.length;
  }
  return kept;
}
