/**
 * The normal form of a core's state: one of those that no event can tell apart. Times are told from the present, which is 0, and only
 * as far back as any rule looks; what can never matter again is left out.
 *
 * @module
 */
import { compareTokens, type PeerId, type PeerState } from "gen-leader/protocol";

/** Repeated questions pause longer and longer; here twice as long as the first, for ever: the pauses of one peer are not compared. */
const attemptsLimit = 1;
/** A leader asks a silent follower eight times; here it has given up after the third. */
const digestsAsked = 3;
const digestsLimit = 8;

/** The state after a step, made small. */
export function normalForm(state: PeerState): PeerState {
  const rebased = state.now === 0 ? state : rebase(state, state.now);
  // Only of the unresponsive anybody asks again whether they are gone; `over` means nothing to this fence.
  const gone = rebased.gone.length === 0 ? rebased.gone : rebased.gone.filter(({ reason }) => reason === "unresponsive").sort(byId);
  const { phase, tenure } = rebased;
  const isSpent = rebased.early.size === 0 && rebased.earlyToken !== null && compareTokens(rebased.earlyToken, rebased.token) <= 0;
  return {
    ...rebased,
    gone,
    phase: phase.type === "contending" ? { ...phase, acknowledged: inOrder(phase.acknowledged) } : phase,
    tenure:
      tenure !== null && tenure.digests >= digestsAsked && tenure.digests < digestsLimit ? { ...tenure, digests: digestsLimit } : tenure,
    // Own frames of an earlier incarnation do not come back in a world: its paths end with it.
    formerSelves: [],
    // With a fence, a halt whose contender has withdrawn is nobody's: the fence says so.
    withdrawn: rebased.config.fenced ? null : rebased.withdrawn,
    peers: inOrder(rebased.peers),
    members: inOrder(rebased.members),
    earlyToken: isSpent ? null : rebased.earlyToken,
    // No frame comes twice here.
    taken: rebased.taken.size === 0 ? rebased.taken : new Map(),
    peerSerials: rebased.peerSerials.size === 0 ? rebased.peerSerials : new Map(),
    attempts: Math.min(rebased.attempts, attemptsLimit),
    wallOffset: 0,
  };
}

function byId(one: { readonly id: PeerId }, other: { readonly id: PeerId }): number {
  return one.id < other.id ? -1 : 1;
}

/** Maps in the order of their keys: in which order a peer came to know the others is left open by what it hears. */
function inOrder<V>(map: ReadonlyMap<PeerId, V>): ReadonlyMap<PeerId, V> {
  if (map.size < 2) return map;
  let last: PeerId | null = null;
  let isSorted = true;
  for (const id of map.keys()) {
    if (last !== null && id < last) isSorted = false;
    last = id;
  }
  return isSorted ? map : new Map([...map].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The same state, told from `now`. */
export function rebase(state: PeerState, now: number): PeerState {
  const { abandonMs, challengeMs, responseMs, suspectMs } = state.config.limits;
  /** Longer ago than `limitMs` is the same as a moment longer. */
  const since = (at: number, limitMs: number): number => Math.max(at - now, -limitMs - 1);
  return {
    ...state,
    now: 0,
    active: since(state.active, suspectMs),
    queries: state.queries.map((query) => ({ ...query, at: since(query.at, suspectMs) })),
    phase: rebasePhase(state.phase, (at) => since(at, abandonMs)),
    tenure: state.tenure && {
      ...state.tenure,
      welcomed: new Map(
        [...state.tenure.welcomed].filter(([, at]) => now - at < responseMs / 2).map(([id, at]) => [id, since(at, responseMs)] as const),
      ),
    },
    backOff: state.backOff === null || state.backOff.until <= now ? null : { ...state.backOff, until: state.backOff.until - now },
    calls: new Map([...state.calls].map(([call, pending]) => [call, { ...pending, sentAt: since(pending.sentAt, challengeMs) }])),
    deadlines: Object.fromEntries(Object.entries(state.deadlines).map(([name, due]) => [name, since(due, suspectMs)])),
  };
}

function rebasePhase(phase: PeerState["phase"], since: (at: number) => number): PeerState["phase"] {
  if (phase.type !== "contending" || phase.stage.type !== "halting") return phase;
  return { ...phase, stage: { ...phase.stage, since: since(phase.stage.since) } };
}
