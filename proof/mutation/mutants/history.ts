/**
 * Mutants of replication and history: order, gaps, repairs, comparisons, losses.
 *
 * @module
 */
import type { Mutant } from "./mutant.js";

const history = "packages/protocol/src/history.ts";
const lineage = "packages/protocol/src/lineage.ts";
const replication = "packages/protocol/src/replication.ts";
const phases = "packages/protocol/src/phases.ts";
const token = "packages/protocol/src/token.ts";

export const historyMutants: readonly Mutant[] = [
  {
    id: "halted-listens",
    rule: "† halted is deaf",
    says: "A peer that has acknowledged a contender goes on applying the broadcasts of the older token.",
    file: replication,
    from: 'const following = state.phase.type === "following" && sameToken(token, state.token);',
    to: 'const following = (state.phase.type === "following" || state.phase.type === "halted") && sameToken(token, state.token);',
    also: [{ file: replication, from: 'return phase.type !== "halted" || !sameToken(token, state.token);', to: "return true;" }],
  },
  {
    id: "accepts-a-stale-epoch",
    rule: "1 one leader",
    says: "A follower applies broadcasts of any tenure as if they were of the present one.",
    file: replication,
    from: 'const following = state.phase.type === "following" && sameToken(token, state.token);',
    to: 'const following = state.phase.type === "following";',
    also: [
      {
        file: replication,
        from: 'if (phase.type === "following" && sameToken(token, state.token)) return true;',
        to: 'if (phase.type === "following") return true;',
      },
    ],
  },
  {
    id: "applies-out-of-turn",
    rule: "4 broadcasts",
    says: "A broadcast that comes before its turn is applied at once.",
    file: replication,
    from: "first === state.position.sequence + 1 && state.early.size === 0",
    to: "first > state.position.sequence && state.early.size === 0",
  },
  {
    id: "applies-twice",
    rule: "4 broadcasts",
    says: "A broadcast that comes twice is applied twice.",
    file: replication,
    from: "first === state.position.sequence + 1 && state.early.size === 0",
    to: "first <= state.position.sequence + 1 && state.early.size === 0",
  },
  {
    id: "never-asks-for-what-it-missed",
    rule: "4 broadcasts",
    says: "A follower that misses a broadcast asks for nothing.",
    file: replication,
    from: 'send(turn, state.phase.leader, { type: "resync", token: state.token, position: state.position });',
    to: "",
  },
  {
    id: "never-compares",
    rule: "4 broadcasts",
    says: "A leader never says how far it is.",
    file: replication,
    from: 'if (tenure.digests === 0) post(turn, { type: "digest", token, sequence });\n  else for (const peer of behind) send(turn, peer, { type: "digest", token, sequence });',
    to: "",
  },
  {
    id: "repairs-one-too-few",
    rule: "4 broadcasts",
    says: "The first of the broadcasts that a peer missed is left out of what it is sent.",
    file: history,
    from: "entries: state.entries.slice(from.sequence - state.base.sequence) };",
    to: "entries: state.entries.slice(from.sequence - state.base.sequence + 1) };",
  },
  {
    id: "forgets-what-came-early",
    rule: "4 broadcasts",
    says: "A joiner that is welcomed drops the broadcasts that came before its welcome, and asks for none.",
    file: phases,
    from: "  if (applyEarly(turn)) flushCalls(turn);",
    to: "  state.position = { ...state.position, sequence: Math.max(state.position.sequence, ...state.early.keys()) };\n  flushCalls(turn);",
  },
  {
    id: "loses-silently",
    rule: "7 data outlives its leader",
    says: "Whoever loses broadcasts by a change of leader is not told which.",
    file: lineage,
    from: "return { kept, lost };",
    to: "return { kept, lost: [] };",
  },
  {
    id: "cries-loss",
    rule: "7 data outlives its leader",
    says: "Whoever changes its leader is told that all is lost that it had of the last one.",
    file: lineage,
    from: "ancestry.find((ancestor) => sameToken(ancestor.token, stretch.token))?.sequence;",
    to: "ancestry.find((ancestor) => ancestor.sequence < 0)?.sequence;",
  },
  {
    id: "forgets-where-tenures-ended",
    rule: "7 data outlives its leader",
    says: "A history does not say where earlier tenures ended.",
    file: history,
    from: "  return state.position.token === null ? state.ancestry : [state.position, ...state.ancestry].slice(0, ancestryLimit);",
    to: "  return [];",
  },
  {
    id: "splices-histories",
    rule: "4 broadcasts",
    says: "The broadcasts of one tenure are appended to the history of another.",
    file: history,
    from: "if (sameToken(from.token, state.position.token) && from.sequence >= state.base.sequence && from.sequence <= state.position.sequence)",
    to: "if (from.token !== null && from.sequence >= state.base.sequence && from.sequence <= state.position.sequence)",
    also: [
      {
        file: phases,
        from: "if (token !== null && shown !== null && sameToken(token, state.position.token)) {",
        to: "if (shown !== null) {",
      },
    ],
  },
  {
    id: "compares-positions-by-number",
    rule: "4 broadcasts",
    says: "The larger number wins between positions, whatever their tenures.",
    file: token,
    from: "return Number(a.root !== null) - Number(b.root !== null) || compareTokens(a.token, b.token) || a.sequence - b.sequence;",
    to: "return a.sequence - b.sequence || compareTokens(a.token, b.token);",
  },
  {
    id: "one-tenure-is-as-good-as-another",
    rule: "1 one leader",
    says: "Tokens are compared by epoch alone.",
    file: token,
    from: "  if (a.leader === b.leader) return 0;\n  return a.leader < b.leader ? -1 : 1;",
    to: "  return 0;",
  },
];
