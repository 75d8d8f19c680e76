/**
 * One look at everything that a peer knows about leadership, for people who ask who leads, and why.
 *
 * @module
 */
import type { Clock, DownReason, Guarantees, Member, PeerId, PeerState, Token } from "@gen-leader/protocol";
import type { Election, ElectionPhase } from "./election.js";
import type { ServerEvent } from "./server-event.js";
import type { Statistics } from "./statistics.js";

/** A peer that is up, as another one knows it. */
export interface DiagnosedMember extends Member {
  /** Whether the leader counts on it: then what was acknowledged has reached it. */
  readonly inStep: boolean;
  /** Whether its end would be noticed here: each peer watches only those that matter to it. */
  readonly watched: boolean;
}

/** What `server.diagnostics()` returns: plain data of that moment, which can be cloned, sent and printed as JSON. */
export interface Diagnostics {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The name of the server. */
  readonly name: string;
  readonly running: boolean;
  readonly self: PeerId;
  readonly phase: ElectionPhase;
  /** Whom this peer follows, or itself if it leads; `null` while it knows of no leader. */
  readonly leader: PeerId | null;
  /** Fencing token of that leader, or of the last one; `null` before the first. */
  readonly token: Token | null;
  /** Whom this peer waits for: last seen to hold the fence, to ask for the halt, or named as the successor; `null` if nobody. */
  readonly holder: PeerId | null;
  /** Whom this peer suspects to hang, and how far that has got; `null` if nobody. */
  readonly suspicion: { readonly accused: PeerId; readonly stage: string } | null;
  /** Who is up and has introduced itself, best candidate first, workers last: who would lead next. */
  readonly members: readonly DiagnosedMember[];
  /**
   * Who went down since this peer has its present id, latest first, and how. `left` said good-bye, or is not counted on by the leader
   * any more for a reason that only those learn who watch it.
   */
  readonly down: readonly { readonly id: PeerId; readonly reason: DownReason }[];
  /** What this peer waits for, by the name of the deadline, in milliseconds from `at`; negative if it is overdue. */
  readonly deadlines: Readonly<Record<string, number>>;
  /** What this medium promises, and what not. */
  readonly guarantees: Guarantees;
  /** Counters, among them calls that wait, and dropped and stale messages by reason. */
  readonly statistics: Statistics;
  /** The last events, oldest first. Empty unless the server was started with `debug: ["log"]`. */
  readonly log: readonly ServerEvent[];
}

/** What a diagnosis looks at, of a server. */
export interface DiagnosedServer {
  readonly name: string;
  readonly running: boolean;
  readonly election: Election;
  readonly guarantees: Guarantees;
  readonly sys: { statistics(): Statistics; log(): readonly ServerEvent[] };
}

/** Looks at one peer. */
export function diagnose({ name, running, election, guarantees, sys }: DiagnosedServer, state: PeerState, clock: Clock): Diagnostics {
  const { self, phase, leader, token } = election;
  const { holder, suspicion, members, monitored } = state;
  const now = clock.now();
  return {
    at: clock.wall(),
    name,
    running,
    self,
    phase,
    leader,
    token: token && { ...token },
    holder,
    suspicion: suspicion && { accused: suspicion.accused, stage: suspicion.stage },
    members: election.members.map((member) => ({ ...member, inStep: members.has(member.id), watched: monitored.has(member.id) })),
    down: state.gone.map((gone) => ({ ...gone })),
    deadlines: Object.fromEntries(Object.entries(state.deadlines).map(([deadline, due]) => [deadline, Math.trunc(due - now) + 0])),
    guarantees: { ...guarantees, caveats: [...guarantees.caveats] },
    statistics: sys.statistics(),
    log: sys.log(),
  };
}
