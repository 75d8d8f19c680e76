/**
 * Mutants of calls: withheld, sent once, answered once, failed with their leader.
 *
 * @module
 */
import type { Mutant } from "./mutant.js";

const calls = "packages/protocol/src/calls.ts";
const requests = "packages/protocol/src/requests.ts";

export const callMutants: readonly Mutant[] = [
  {
    id: "never-withholds",
    rule: "† replies are withheld",
    says: "A reply reaches its user before the broadcasts that it follows.",
    file: calls,
    from: "return reached !== undefined && reached >= after;",
    to: "return reached !== undefined || after >= 0;",
  },
  {
    id: "withholds-for-ever",
    rule: "† replies are withheld",
    says: "A reply that was withheld is never let go.",
    file: calls,
    from: "if (withheld !== null) takeReply(turn, call, withheld.after, withheld.result, withheld.from);",
    to: "if (withheld !== null && call < 0) takeReply(turn, call, withheld.after, withheld.result, withheld.from);",
  },
  {
    id: "replies-name-an-older-position",
    rule: "† replies are withheld",
    says: "A reply names the position before its own broadcast.",
    file: requests,
    from: "after: state.position.sequence, result });",
    to: "after: Math.max(state.position.sequence - 1, 0), result });",
  },
  {
    id: "settles-twice",
    rule: "5 calls",
    says: "A reply that comes twice is given to the user twice.",
    file: calls,
    from: '    state.calls = withoutKey(state.calls, call);\n    settle(turn, call, { type: "result"',
    to: '    settle(turn, call, { type: "result"',
  },
  {
    id: "runs-repeated-calls",
    rule: "5 calls",
    says: "A call whose frame comes twice runs twice.",
    file: "packages/protocol/src/serials.ts",
    from: "if (serial <= floor || above.includes(serial)) return null;",
    to: "if (serial < 0) return null;",
  },
  {
    id: "retries-unasked",
    rule: "5 calls",
    says: "A call that may have begun with a leader that died is sent to the next one, unasked.",
    file: calls,
    from: "if (pending.retry) return returnCall(turn, call);",
    to: "if (!pending.retry) return returnCall(turn, call);",
  },
  {
    id: "waits-for-dead-leaders",
    rule: "5 calls",
    says: "A call whose leader died waits for ever.",
    file: calls,
    from: "if (pending.sent !== null && pending.serial !== 0 && !except.some",
    to: "if (pending.sent !== null && pending.serial < 0 && !except.some",
  },
  {
    id: "drops-bounced-calls",
    rule: "5 calls",
    says: "A call that is sent back is not sent to anybody else.",
    file: requests,
    from: "  returnCall(turn, message.call);\n  dispatchCall(turn, message.call);\n}",
    to: "}",
  },
  {
    id: "bounces-nothing",
    rule: "5 calls",
    says: "A peer that takes no calls does not send them back.",
    file: requests,
    from: 'if (verdict === "no") return send(turn, from, { type: "bounce", serial, call: message.call });\n  deliver(turn, { type: "leader-call"',
    to: 'if (verdict === "no") return;\n  deliver(turn, { type: "leader-call"',
  },
  {
    id: "sends-casts-twice",
    rule: "5 calls",
    says: "Casts that waited for a leader go out, and wait on.",
    file: calls,
    from: "  state.casts = [];\n",
    to: "",
  },
  {
    id: "forgets-unbegun-calls",
    rule: "5 calls",
    says: "A deposed leader's own calls that had not begun are not sent to the next one.",
    file: requests,
    from: "if (serial === 0) returnCall(turn, id);\n    else send",
    to: "if (serial !== 0) send",
  },
  {
    id: "answers-after-its-tenure",
    rule: "1 one leader",
    says: "A leader that was deposed still answers the calls of its tenure.",
    file: requests,
    from: 'if (state.phase.type !== "leading" || !sameToken(token, state.token)) {\n    // The tenure ended',
    to: "if (token.epoch < 0) {\n    // The tenure ended",
    also: [
      {
        file: "packages/behaviour/src/running-server.ts",
        from: "const begun = this.#open.endTenure(token);",
        to: "const begun: Caller[] = [];",
      },
    ],
  },
  {
    id: "sends-copies-back",
    rule: "5 calls",
    says: "A leader that hands over sends back whatever comes, also what it has run.",
    file: requests,
    from: 'if (serials === null) return "again";\n  if (phase.type !== "leading"',
    to: 'if (serials === null) return tenure === null || tenure.handOver !== null ? "no" : "again";\n  if (phase.type !== "leading"',
  },
  {
    id: "casts-wait-for-ever",
    rule: "6 progress",
    says: "A cast that is held back for a hand-over is not looked after.",
    file: calls,
    from: "    state.casts = [...state.casts, { payload, after }];\n    awaitProgress(turn);",
    to: "    state.casts = [...state.casts, { payload, after }];",
  },
];
