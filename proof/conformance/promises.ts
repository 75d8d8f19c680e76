/**
 * What a replay has to keep whatever the recording did: a difference that a rule explains is not to hide that ours went wrong as well.
 * Nothing explains a broken promise.
 *
 * @module
 */
import { unwrapped } from "./behaviour.js";
import { type Difference, lineOf } from "./compare.js";
import type { Callback, Facts } from "./facts.js";
import { noManners } from "./manners.js";
import { react } from "./recorded-module.js";
import type { Seen } from "./records.js";
import { isInternal } from "./script.js";
import { isTuple, nodeOf, print, same, stateIn, type Term, tagOf } from "./term.js";

type BrokenPromise = Extract<Difference, { kind: "promise" }>;

/** Every promise that the replay broke. */
export function brokenPromises(facts: Facts): readonly BrokenPromise[] {
  const servers = new Map(facts.here.seen.map(({ name, node }) => [`${name} ${node}`, { name, node }]));
  return [
    ...[...servers.values()].flatMap((server) => [
      ...statesGoOn(facts, server),
      ...leadersLead(facts, server),
      ...nothingLeaks(facts, server),
    ]),
    ...joinsRunOnce(facts),
    ...answersWereGiven(facts),
    ...callsRunOnce(facts),
  ];
}

interface Server {
  readonly name: string;
  readonly node: string;
}

function answerOf(facts: Facts, name: string, node: string, { cb, args, state }: Callback): Term {
  const { answer } = react({ cb, args, state: state ?? {}, node, queries: null }, facts.script.manners.get(name) ?? noManners);
  return answer.does === "return" ? answer.term : null;
}

/** The dictionary before a callback is the one after the callback before it. */
function statesGoOn(facts: Facts, { name, node }: Server): readonly BrokenPromise[] {
  const broken: BrokenPromise[] = [];
  let after: Term | null = null;
  for (const { what, step } of facts.callbacks("here", name, node)) {
    if (what.cb === "init") after = null;
    if (after !== null && !same(what.state ?? undefined, after))
      broken.push({ kind: "promise", node, name, step, text: `${lineOf(what)} does not go on from ${print(after)}` });
    // A callback that ends the server leaves the dictionary as it was; so does one that is cut short by the end of its tenure.
    after = tagOf(what.args[0]) === "sleep" ? null : (stateIn(answerOf(facts, name, node, what)) ?? what.state);
  }
  return broken;
}

/** Leader callbacks run where `elected` ran last, follower callbacks where `surrendered` did. */
function leadersLead(facts: Facts, { name, node }: Server): readonly BrokenPromise[] {
  const broken: BrokenPromise[] = [];
  let role: "leads" | "follows" | "none" = "none";
  for (const { what, step } of facts.callbacks("here", name, node)) {
    const { cb } = what;
    const fits =
      cb === "from_leader"
        ? role === "follows"
        : ["handle_leader_call", "handle_leader_cast", "handle_DOWN"].includes(cb)
          ? role === "leads"
          : true;
    // A join is the leader's as well, and a peer is initialised once.
    if (!fits || (cb === "elected" && typeof what.args[0] === "string" && role !== "leads"))
      broken.push({
        kind: "promise",
        node,
        name,
        step,
        text: `${lineOf(what)} runs at a peer that ${role === "none" ? "neither leads nor follows" : role}`,
      });
    if (cb === "init") role = "none";
    if (cb === "elected") role = "leads";
    if (cb === "surrendered") role = "follows";
  }
  return broken;
}

/** No protocol message reaches handleInfo, unless a client sent one that looks like it. */
function nothingLeaks(facts: Facts, { name, node }: Server): readonly BrokenPromise[] {
  return facts.callbacks("here", name, node).flatMap(({ what, step }): BrokenPromise[] => {
    const [message] = what.args;
    if (what.cb !== "handle_info" || !isInternal(message) || tagOf(message) === "late") return [];
    const sent = facts.steps("info").some(({ stimulus }) => stimulus.name === name && same(stimulus.message, message));
    return sent ? [] : [{ kind: "promise", node, name, step, text: `${lineOf(what)} is none of the user's messages` }];
  });
}

/** Each `elected(J)` is one join: J surrendered for it, or was killed before it could. */
function joinsRunOnce(facts: Facts): readonly BrokenPromise[] {
  const joins = new Map<string, Seen[]>();
  for (const seen of facts.here.seen) {
    if (seen.what.type !== "callback" || seen.what.cb !== "elected" || typeof seen.what.args[0] !== "string") continue;
    const key = `${seen.name} ${seen.what.args[0]}`;
    joins.set(key, [...(joins.get(key) ?? []), seen]);
  }
  return [...joins].flatMap(([key, those]): BrokenPromise[] => {
    const [last] = those.slice(-1);
    const joiner = key.slice(key.lastIndexOf(" ") + 1);
    if (last === undefined) return [];
    const surrendered = facts.callbacks("here", last.name, joiner).filter(({ what }) => what.cb === "surrendered").length;
    const cutOff = facts.steps("kill", "kill-process").filter(({ stimulus }) => stimulus.node === joiner).length;
    // Whoever ends in the join itself gives no sync.
    const failed = those.filter(
      ({ what, name, node }) => what.type === "callback" && stateIn(answerOf(facts, name, node, what)) === null,
    ).length;
    if (those.length <= surrendered + cutOff + failed) return [];
    const { name, node, step } = last;
    return [{ kind: "promise", node, name, step, text: `elected("${joiner}") ran ${those.length} times for ${surrendered} surrenders` }];
  });
}

/** What a caller was told is what a callback answered to that request. */
function answersWereGiven(facts: Facts): readonly BrokenPromise[] {
  return facts.steps("operate").flatMap(({ stimulus: { key, name, node, op, request }, place }): BrokenPromise[] => {
    const told = facts.here.told.get(key);
    if ((op !== "call" && op !== "leader_call") || told === undefined || !isTuple(told.result) || told.result[0] !== "returned") return [];
    const value = told.result[1] ?? null;
    // What the module answers late, or about the others, does not stand in its result.
    if (["query", "later", "dup"].includes(tagOf(request) ?? "")) return [];
    const given = facts.here.seen.some(({ what, ...at }) => {
      if (what.type !== "callback" || what.cb !== `handle_${op}` || at.name !== name || !same(what.args[0], request)) return false;
      const answer = answerOf(facts, name, at.node, what);
      if (!isTuple(answer)) return false;
      return (answer[0] === "reply" && same(answer[1], value)) || (answer[0] === "stop" && same(unwrapped(answer[2] ?? null), value));
    });
    return given
      ? []
      : [{ kind: "promise", node, name, step: place, text: `${print(request)} was answered ${print(value)}, which no callback said` }];
  });
}

/** A call runs once, and one that was answered did run: counted for each request of each caller. */
function callsRunOnce(facts: Facts): readonly BrokenPromise[] {
  const kinds = new Map<string, { readonly server: Server; readonly step: number; asked: number; answered: number; ran: number }>();
  for (const { stimulus, place } of facts.steps("operate")) {
    const { name, node, op, request, key } = stimulus;
    if (op !== "call" && op !== "leader_call") continue;
    const kind = `${name} ${node} ${op} ${print(request)}`;
    const count = kinds.get(kind) ?? { server: { name, node }, step: place, asked: 0, answered: 0, ran: 0 };
    const result = facts.here.told.get(key)?.result;
    count.asked += place <= (facts.here.cutShort?.step ?? Infinity) ? 1 : 0;
    count.answered += isTuple(result) && result[0] === "returned" ? 1 : 0;
    kinds.set(kind, count);
  }
  for (const { name, what } of facts.here.seen) {
    if (what.type !== "callback" || (what.cb !== "handle_call" && what.cb !== "handle_leader_call")) continue;
    const count = kinds.get(`${name} ${nodeOf(what.args[1])} ${what.cb.slice("handle_".length)} ${print(what.args[0])}`);
    if (count !== undefined) count.ran += 1;
  }
  return [...kinds].flatMap(([kind, { server, step, asked, answered, ran }]): BrokenPromise[] => {
    if (ran <= asked && ran >= answered) return [];
    return [
      { kind: "promise", ...server, step, text: `${kind} was asked ${asked} times, answered ${answered} times, and ran ${ran} times` },
    ];
  });
}
