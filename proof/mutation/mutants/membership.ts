/**
 * Mutants of coming and going: joins and welcomes, resignations, hand-overs, deaths and watches.
 *
 * @module
 */
import type { Mutant } from "./mutant.js";

const membership = "packages/protocol/src/membership.ts";
const handOver = "packages/protocol/src/hand-over.ts";
const phases = "packages/protocol/src/phases.ts";
const watch = "packages/protocol/src/watch.ts";
const replication = "packages/protocol/src/replication.ts";

export const membershipMutants: readonly Mutant[] = [
  {
    id: "welcomes-below-a-larger-token",
    rule: "† elected anew above a larger token",
    says: "A leader welcomes a joiner that has seen a larger token without being elected anew.",
    file: membership,
    from: "if (token !== null && (highestEpoch > token.epoch || compareTokens(position.token, token) > 0 || isAhead)) {",
    to: "if (token !== null && isAhead && highestEpoch < 0) {",
  },
  {
    id: "members-by-broadcast",
    rule: "‡ members by surrendering",
    says: "A peer takes over the member list of any broadcast that it hears.",
    file: replication,
    from: "  const { token, sequence, entry, from } = message;\n",
    to: '  const { token, sequence, entry, from } = message;\n  if (entry.type === "members" && turn.state.phase.type === "joining") takeMembers(turn, entry.members);\n',
    also: [{ file: replication, from: "tailFrom, versionOf } from", to: "tailFrom, takeMembers, versionOf } from" }],
  },
  {
    id: "obeys-any-announcement",
    rule: "‡ obeys its own contender",
    says: "Without a fence a halted peer obeys the announcement of another contender than its own.",
    file: membership,
    from: 'sameToken(token, state.token)) return drop(turn, "duplicate", from);\n  if (!state.config.fenced &&',
    to: 'sameToken(token, state.token)) return drop(turn, "duplicate", from);\n  if (state.self === from &&',
  },
  {
    id: "resigns-silently",
    rule: "‡ resigning is said",
    says: "A leader that hands over does not say that it has resigned.",
    file: handOver,
    from: '  post(turn, { type: "resign", token, leaving: false, successor, backOffMs });\n',
    to: "",
  },
  {
    id: "leaves-silently",
    rule: "‡ resigning is said",
    says: "Whoever hears that its leader resigns goes on following it.",
    file: membership,
    from: 'loseLeader(turn, { id: from, reason: "left" }, leaving);',
    to: "",
  },
  {
    id: "never-demonitors",
    rule: "6 progress",
    says: "A watch is never ended.",
    file: watch,
    from: '    turn.effects.push({ type: "demonitor", peer });\n',
    to: "",
  },
  {
    id: "followers-look-away",
    rule: "6 progress",
    says: "A follower does not watch its leader.",
    file: watch,
    from: "      watched.add(phase.leader);\n",
    to: "",
  },
  {
    id: "halted-look-away",
    rule: "† halted is deaf",
    says: "A halted peer does not watch its contender.",
    file: watch,
    from: "      watched.add(phase.contender);\n",
    to: "",
  },
  {
    id: "leaders-look-away",
    rule: "6 progress",
    says: "A leader does not watch its followers.",
    file: watch,
    from: '    case "leading":\n    case "contending":',
    to: '    case "leading":\n      break;\n    case "contending":',
  },
  {
    id: "waits-for-the-dead",
    rule: "6 progress",
    says: "A contender goes on waiting for the acknowledgement of a peer that has died.",
    file: membership,
    from: "        finishHalting(turn);\n      } else if",
    to: "      } else if",
  },
  {
    id: "buries-silently",
    rule: "6 progress",
    says: "A leader takes a dead member out of its set without telling its callbacks.",
    file: phases,
    from: '  if (known) deliver(turn, { type: "down", token, peer, reason });\n',
    to: "",
  },
  {
    id: "admits-names-twice",
    rule: "8 no peer takes others down",
    says: "Two live peers with one name are both taken in.",
    file: phases,
    from: "if (others.some((id) => id !== joiner && nameOf(id) === nameOf(joiner))) return;",
    to: "if (others.length < 0) return;",
    also: [{ file: membership, from: "if (isElder || isTakenIn(turn)) send", to: "if (self === other) send" }],
  },
  {
    id: "hands-over-before-answering",
    rule: "5 calls",
    says: "A hand-over does not wait for the answers that are owed.",
    file: handOver,
    from: '  turn.effects.push({ type: "drain", token });',
    to: "  drained(turn, token);",
  },
  {
    id: "hands-over-before-all-are-in-step",
    rule: "5 calls",
    says: "A hand-over does not wait until everybody has reported the last position.",
    file: handOver,
    from: "(tenure.reported.get(peer) ?? -1) < state.position.sequence) return;\n",
    to: "(tenure.reported.get(peer) ?? 0) < 0) return;\n",
  },
  {
    id: "takes-calls-while-handing-over",
    rule: "5 calls",
    says: "A leader that hands over goes on taking calls.",
    file: "packages/protocol/src/requests.ts",
    from: '  if (tenure.handOver !== null && kind === "call") return "no";\n',
    to: "",
    also: [
      {
        file: handOver,
        from: "  state.holding = message.successor !== null;\n",
        to: "  state.holding = false;\n",
      },
    ],
  },
  {
    id: "two-leaders-ignore-each-other",
    rule: "6 progress",
    says: "Without a fence two leaders that hear each other both go on.",
    file: replication,
    from: "if (state.config.fenced || state.token === null) return drop(turn,",
    to: "if (state.token?.epoch !== -1) return drop(turn,",
  },
  {
    id: "counts-on-two-of-a-name",
    rule: "6 progress",
    says: "A leader counts on everybody who acknowledged, also on two that bear one name.",
    file: phases,
    from: "oneOfEachName(state, [...phase.acknowledged.keys()])",
    to: "[...phase.acknowledged.keys()]",
  },
  {
    id: "goes-back-to-the-announcement",
    rule: "4 broadcasts",
    says: "An announcement that comes after the welcome takes its peer back to where the tenure began.",
    file: membership,
    from: 'if (sameToken(token, state.token)) return drop(turn, "duplicate", from);\n  if (!state.config.fenced',
    to: 'if (state.phase.type === "following" && sameToken(token, state.token)) return drop(turn, "duplicate", from);\n  if (!state.config.fenced',
  },
];
