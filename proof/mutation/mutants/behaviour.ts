/**
 * Mutants of the behaviour: the driver, the mailbox, the callbacks and the promises of calls.
 *
 * @module
 */
import type { Mutant } from "./mutant.js";

const driver = "packages/behaviour/src/driver.ts";
const runner = "packages/behaviour/src/callback-runner.ts";
const server = "packages/behaviour/src/running-server.ts";
const pending = "packages/behaviour/src/pending-calls.ts";
const open = "packages/behaviour/src/open-calls.ts";
const mailbox = "packages/behaviour/src/mailbox.ts";

export const behaviourMutants: readonly Mutant[] = [
  {
    id: "replies-before-it-broadcasts",
    rule: "† broadcasts go before replies",
    says: "A callback's reply is let out before its broadcast is posted.",
    file: runner,
    from: '    this.#goOn(result, tenure);\n    if (result.type === "reply") this.#calls.reply(from, result.reply);',
    to: '    if (result.type === "reply") this.#calls.reply(from, result.reply);\n    this.#goOn(result, tenure);',
  },
  {
    id: "answers-overtake-delayed-broadcasts",
    rule: "† broadcasts go before replies",
    says: "An answer is let out while the broadcast before it waits for a joiner's sync.",
    file: runner,
    from: "if (this.#delayed.length === 0) act();",
    to: "if (this.#delayed.length >= 0) act();",
  },
  {
    id: "acts-without-reading-the-word",
    rule: "† doubts itself first",
    says: "A leader does not look at the fence before its effects get out.",
    file: driver,
    from: 'if (state.phase.type === "leading" && fence !== null && !fence.holds() && happening.type !== "fence-lost") run({ type: "fence-lost" });',
    to: "",
  },
  {
    id: "applies-what-a-deposed-callback-returns",
    rule: "1 one leader",
    says: "What a callback of an ended tenure returns becomes the state.",
    file: runner,
    from: 'return !electing && !(phase.type === "leading" && sameToken(token, tenure));',
    to: "return electing && token === tenure;",
  },
  {
    id: "broadcasts-late",
    rule: "1 one leader",
    says: "A broadcast through the context of an ended tenure goes out in the present one.",
    file: runner,
    from: "const token = tenure ?? this.#host.state.token;",
    to: "const token = this.#host.state.token;",
  },
  {
    id: "signals-nothing",
    rule: "1 one leader",
    says: "The signal of a tenure does not abort when the tenure ends.",
    file: runner,
    from: "  endEpoch(): void {\n    this.#aborter.abort();",
    to: "  endEpoch(): void {",
  },
  {
    id: "runs-callbacks-at-once",
    rule: "3 callback order",
    says: "The next callback begins while one is still running.",
    file: mailbox,
    from: "    if (this.#busy) return;\n",
    to: "",
  },
  {
    id: "local-calls-overtake",
    rule: "3 callback order",
    says: "Calls to a peer run although it knows no leader.",
    file: mailbox,
    from: "const local = this.#isOpen() ? this.#local[0] : undefined;",
    to: "const local = this.#local[0];",
  },
  {
    id: "answers-twice",
    rule: "5 calls",
    says: "A call that was answered can be answered again.",
    file: open,
    from: "    const call = this.#open.get(from);\n    this.#open.delete(from);\n    return call;",
    to: "    return this.#open.get(from);",
  },
  {
    id: "never-settles",
    rule: "5 calls",
    says: "Calls that wait when their server ends never settle.",
    file: pending,
    from: "for (const id of this.ids) this.reject(id, error(id));",
    to: "if (this.size < 0) this.reject(0, error(0));",
  },
  {
    id: "forgets-deposed-mail",
    rule: "5 calls",
    says: "Calls that wait in a deposed leader's mailbox are thrown away.",
    file: server,
    from: 'const waiting = dropped.flatMap(({ kind, caller }) => (kind === "leader-call" && caller !== null ? [caller] : []));',
    to: "const waiting: Caller[] = dropped.length < 0 ? begun : [];",
  },
  {
    id: "runs-deposed-mail",
    rule: "1 one leader",
    says: "What waits in a deposed leader's mailbox still runs there, and goes to the next leader as well.",
    file: server,
    from: "const dropped = this.#mailbox.removeWhere(({ tenure }) => sameToken(tenure, token) && tenure !== null);",
    to: "const dropped: Message[] = [];\n    this.#mailbox.removeWhere((message) => {\n      if (sameToken(message.tenure, token) && message.tenure !== null) dropped.push(message);\n      return false;\n    });",
  },
  {
    id: "leaves-timers",
    rule: "6 progress",
    says: "The timer of a call runs on when the call has settled.",
    file: pending,
    from: "    pending?.clean();\n",
    to: "",
  },
  {
    id: "never-ends-a-watch",
    rule: "6 progress",
    says: "The driver forgets a watch without ending it.",
    file: driver,
    from: "        watches.get(effect.peer)?.();\n        watches.delete(effect.peer);",
    to: "        watches.delete(effect.peer);",
  },
  {
    id: "shares-its-state",
    rule: "4 broadcasts",
    says: "Callbacks get the very payloads that the history keeps, and can change them for others.",
    file: runner,
    from: "() => this.#callbacks.fromLeader?.(this.#state, this.#host.clone(payload), ctx),",
    to: "() => this.#callbacks.fromLeader?.(this.#state, payload, ctx),",
  },
];
