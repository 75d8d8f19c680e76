/**
 * Mutants of the gate and of suspicion: who may be obeyed, who may be accused, who must ask first.
 *
 * @module
 */
import type { Mutant } from "./mutant.js";

const step = "packages/protocol/src/step.ts";
const suspicion = "packages/protocol/src/suspicion.ts";

export const gateMutants: readonly Mutant[] = [
  {
    id: "accuses-after-a-gap",
    rule: "† accuses nobody after a gap",
    says: "A peer that did not run itself when its deadline passed robs the accused at once.",
    file: suspicion,
    from: "if (state.now - due > state.config.limits.suspectMs) {",
    to: "if (state.now - due === Number.NaN) {",
  },
  {
    id: "believes-stale-answers",
    rule: "† accuses nobody after a gap",
    says: "An answer of the platform that waited for this peer to run again is taken for one of now.",
    file: step,
    from: "if (state.now - found.at > state.config.limits.suspectMs) return query(turn, found.purpose);",
    to: "",
  },
  {
    id: "never-doubts",
    rule: "† doubts itself first",
    says: "A leader that did not run for long goes on as if it still held the fence.",
    file: step,
    from: "if (!config.fenced || event.now - active <= config.limits.suspectMs) return false;",
    to: "if (config.limits.suspectMs > 0) return false;",
  },
  {
    id: "contender-never-doubts",
    rule: "† doubts itself first",
    says: "A contender that did not run for long takes the acknowledgements that waited for it.",
    file: step,
    from: 'if (phase.type === "contending") return phase.stage.type !== "fencing" || event.type === "fence-granted";',
    to: 'if (phase.type === "contending") return false;',
  },
  {
    id: "own-calls-are-signs-of-life",
    rule: "† doubts itself first",
    says: "What a leader's own user asks counts as a sign that it is heard and hears.",
    file: step,
    from: "if (comesFromOutside(event)) state.active = state.now;",
    to: "state.active = state.now;",
    also: [
      {
        file: step,
        from: "  if (isInDoubt(state, event)) {\n    state.inbox = [event];",
        to: "  if (comesFromOutside(event) && isInDoubt(state, event)) {\n    state.inbox = [event];",
      },
    ],
  },
  {
    id: "anybody-holds-it-for-me",
    rule: "† doubts itself first",
    says: "A leader in doubt goes on if anybody at all holds the fence.",
    file: step,
    from: "if (holder === state.self) return admitNext(turn, waiting);",
    to: "if (holder !== null) return admitNext(turn, waiting);",
  },
  {
    id: "obeys-halts-without-fence",
    rule: "‡ who speaks holds the fence",
    says: "A halt is obeyed whoever holds the fence.",
    file: step,
    from: '    case "halt":\n    case "announce":',
    to: '    case "announce":',
  },
  {
    id: "obeys-announcements-without-fence",
    rule: "‡ who speaks holds the fence",
    says: "An announcement is obeyed whoever holds the fence.",
    file: step,
    from: '    case "halt":\n    case "announce":',
    to: '    case "halt":',
  },
  {
    id: "obeys-welcomes-without-fence",
    rule: "‡ who speaks holds the fence",
    says: "A welcome is obeyed whoever holds the fence.",
    file: step,
    from: '    case "welcome":\n    case "removed":\n      return message.from;',
    to: '    case "removed":\n      return message.from;',
  },
  {
    id: "obeys-anybody",
    rule: "‡ who speaks holds the fence",
    says: "The platform is asked, and whatever it says, the message is obeyed.",
    file: step,
    from: "if (expectedHolder(state, head.message) === holder) receive(turn, head.message);",
    to: "if (state.self !== null) receive(turn, head.message);",
  },
  {
    id: "overtakes-the-question",
    rule: "‡ in order while it asks",
    says: "What comes while the platform is asked is handled before the message that it is asked about.",
    file: step,
    from: '  if (isBlocked(state)) {\n    if (event.type === "timeout") return;',
    to: '  if (isBlocked(state) && !(event.type === "received" && expectedHolder(state, event.message) === null)) {\n    if (event.type === "timeout") return;',
  },
  {
    id: "forgets-what-waits",
    rule: "‡ in order while it asks",
    says: "What came while the platform was asked is thrown away.",
    file: step,
    from: "      return admitNext(turn, rest);",
    to: "      return admitNext(turn, []);",
  },
  {
    id: "never-challenges",
    rule: "6 progress",
    says: "Nobody ever challenges a leader that calls wait for.",
    file: suspicion,
    from: "if (waited >= challengeMs) suspect(turn, state.phase.leader, true);",
    to: "",
  },
  {
    id: "workers-suffer-alone",
    rule: "6 progress",
    says: "Candidates do not look for themselves when somebody accuses their leader.",
    file: suspicion,
    from: "if (relevant && mayLead(state.config, selfMember(state))) suspect(turn, accused, false);",
    to: "",
  },
  {
    id: "robs-the-living",
    rule: "8 no peer takes others down",
    says: "An answer to a challenge is not heard.",
    file: suspicion,
    from: '  if (state.suspicion.stage === "stealing") return;\n  state.suspicion = null;\n  disarm(turn, "suspicion");',
    to: "",
  },
  {
    id: "believes-absurd-epochs",
    rule: "8 no peer takes others down",
    says: "An epoch far ahead of every clock and of everything seen is believed.",
    file: step,
    from: "return epoch > Math.max(now + wallOffset + clockErrorLimit, highestEpoch + electionsLimit);",
    to: "return epoch > Number.MAX_SAFE_INTEGER + now + wallOffset + highestEpoch;",
  },
];
