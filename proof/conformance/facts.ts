/**
 * What can be asked about a comparison, in order to explain a difference: who led where, who had ended, what the script had done.
 *
 * @module
 */
import { lineOf } from "./compare.js";
import type { Course, Seen } from "./records.js";
import type { Operation, Script, Step, Stimulus } from "./script.js";
import { print, type Term } from "./term.js";

export type Side = "there" | "here";
export type Callback = Extract<Seen["what"], { type: "callback" }>;
export type Asked = Extract<Stimulus, { does: "operate" }>;

export interface Facts {
  readonly script: Script;
  readonly there: Course;
  readonly here: Course;
  /** The callbacks of one server on one side, in order. */
  callbacks(side: Side, name: string, node: string): readonly (Seen & { readonly what: Callback })[];
  /** What the server on this node was after a step: by the last of its callbacks that says so. */
  role(side: Side, name: string, node: string, step: number): "leads" | "follows" | "none";
  /** Who leads after a step: whoever was the last to be elected, of those that have not surrendered since. */
  leader(side: Side, name: string, step: number): string | null;
  /** Whether any of the peers of the name is something else on the other side after a step. */
  rolesDiffer(name: string, step: number): boolean;
  /** Whether the network is cut between two nodes after a step. */
  apart(a: string, b: string, step: number): boolean;
  /** The step after which the server on this node ended by itself on this side, at or after a step; `null` if it did not. */
  ended(side: Side, name: string, node: string, from: number): number | null;
  /** Whether the script killed the server on this node, or its node, between two steps. */
  killed(name: string, node: string, from: number, to: number): boolean;
  /** The operation of a step. */
  asked(step: number): Asked | null;
  /** The operations of one name with this request. */
  operations(name: string, op: Operation, request: Term): readonly { readonly step: number; readonly asked: Asked }[];
  /** Whether a callback like this one ran on this side, on any node or on the one given. */
  ran(side: Side, name: string, cb: string, fits: (what: Callback, seen: Seen) => boolean): boolean;
  /** Steps of one kind, with their places counted from 1. */
  steps<Kind extends Stimulus["does"]>(
    ...kinds: readonly Kind[]
  ): readonly { readonly place: number; readonly stimulus: Extract<Stimulus, { does: Kind }> }[];
  isWorker(name: string, node: string): boolean;
}

export function createFacts(script: Script, there: Course, here: Course): Facts {
  const course = (side: Side) => (side === "there" ? there : here);

  const facts: Facts = {
    script,
    there,
    here,
    callbacks: (side, name, node) =>
      course(side)
        .seen.filter((seen) => isCallback(seen) && seen.name === name && seen.node === node)
        .filter(isCallback),
    role(side, name, node, step) {
      const last = facts
        .callbacks(side, name, node)
        .findLast(({ what, step: at }) => at <= step && ["elected", "surrendered", "init", "terminate"].includes(what.cb));
      if (last?.what.cb === "elected") return "leads";
      return last?.what.cb === "surrendered" ? "follows" : "none";
    },
    leader(side, name, step) {
      const elected = course(side).seen.findLast(
        (seen) =>
          isCallback(seen) &&
          seen.name === name &&
          seen.step <= step &&
          seen.what.cb === "elected" &&
          facts.role(side, name, seen.node, step) === "leads",
      );
      return elected?.node ?? null;
    },
    rolesDiffer: (name, step) =>
      script.nodes.some((node) => facts.role("there", name, node, step) !== facts.role("here", name, node, step)),
    apart(a, b, step) {
      const cut = facts.steps("network").findLast(({ place }) => place <= step)?.stimulus.cut ?? [];
      return cut.some(([one, other]) => (one === a && other === b) || (one === b && other === a));
    },
    ended(side, name, node, from) {
      const exit = course(side).seen.find(
        (seen) => seen.name === name && seen.node === node && seen.what.type === "exit" && seen.step >= from,
      );
      return exit?.step ?? null;
    },
    killed: (name, node, from, to) =>
      script.steps.slice(Math.max(0, from - 1), to).some(({ stimulus }) => {
        if (stimulus.does === "kill-process") return stimulus.name === name && stimulus.node === node;
        return (stimulus.does === "kill" || stimulus.does === "freeze") && stimulus.node === node;
      }),
    asked(step) {
      const stimulus = script.steps[step - 1]?.stimulus;
      return stimulus?.does === "operate" ? stimulus : null;
    },
    operations: (name, op, request) =>
      script.steps.flatMap(({ stimulus }: Step, place) =>
        stimulus.does === "operate" && stimulus.name === name && stimulus.op === op && print(stimulus.request) === print(request)
          ? [{ step: place + 1, asked: stimulus }]
          : [],
      ),
    ran: (side, name, cb, fits) =>
      course(side).seen.some((seen) => isCallback(seen) && seen.name === name && seen.what.cb === cb && fits(seen.what, seen)),
    steps: (...kinds) => script.steps.flatMap(({ stimulus }, place) => (isOneOf(stimulus, kinds) ? [{ place: place + 1, stimulus }] : [])),
    isWorker: (name, node) =>
      script.steps.some(({ stimulus }) => stimulus.does === "start" && stimulus.name === name && stimulus.workers.includes(node)),
  };
  return facts;
}

function isCallback(seen: Seen): seen is Seen & { readonly what: Callback } {
  return seen.what.type === "callback";
}

function isOneOf<Kind extends Stimulus["does"]>(stimulus: Stimulus, kinds: readonly Kind[]): stimulus is Extract<Stimulus, { does: Kind }> {
  return kinds.some((kind) => kind === stimulus.does);
}

/** How often this very callback ran at this server after this step. */
export function countOf(
  facts: Facts,
  side: Side,
  at: { readonly name: string; readonly node: string; readonly step: number },
  what: Callback,
): number {
  return facts.callbacks(side, at.name, at.node).filter(({ step, what: other }) => step === at.step && lineOf(other) === lineOf(what))
    .length;
}
