/**
 * Commands: what may be done to a state. They are written once, run on the leader, and change a draft; what travels to everybody is patches.
 * Their types are what callers see: `ArgsOf` what they pass, `ValueOf` what they get.
 *
 * @module
 */
import { create, type Draft, type Patches } from "mutative";
import { MissingCommandError } from "./errors.js";
import { withoutDrafts } from "./without-drafts.js";

/**
 * Changes a draft of the state, and may return a value for the caller. Runs on whoever leads, one command at a time; while an asynchronous one
 * waits, everything waits that the leader is asked. A throw refuses the command: nothing changes, and the caller gets the error.
 */
export type Command<S> = (draft: Draft<S>, ...args: never[]) => unknown;

/** The commands of a store, by name. */
export type Commands<S> = Readonly<Record<string, Command<S>>>;

/** What a caller passes to a command: all but the draft. */
export type ArgsOf<C> = C extends (draft: never, ...args: infer Args) => unknown ? Args : never;

/** What a command returns to its caller. */
export type ValueOf<C> = C extends (...args: never) => infer Value ? Awaited<Value> : never;

/** One command with its arguments: what is asked of the leader. A transaction asks for several, all or none. */
export interface Step {
  readonly name: string;
  readonly args: readonly unknown[];
}

/** What came of steps that were run: how the state is to change, and what each returned. */
export interface Effect {
  readonly patches: Patches;
  readonly values: readonly unknown[];
}

/**
 * Runs steps in order on one draft of `state`, which stays as it is. What it returns is a promise only if a command returned one.
 *
 * @throws whatever one of them throws
 */
export function runSteps<S>(commands: Commands<S>, state: S, steps: readonly Step[]): Effect | Promise<Effect> {
  const [draft, finalize] = create(state, { enablePatches: true });
  const values: unknown[] = [];

  function runFrom(first: number): Effect | Promise<Effect> {
    for (const [index, { name, args }] of steps.entries()) {
      if (index < first) continue;
      const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
      if (command === undefined) throw new MissingCommandError(name);
      const value: unknown = Reflect.apply(command, undefined, [draft, ...args]);
      if (isThenable(value))
        return Promise.resolve(value).then((settled) => {
          values.push(withoutDrafts(settled));
          return runFrom(index + 1);
        });
      // The draft, and every part of it, is worth nothing after its end.
      values.push(withoutDrafts(value));
    }
    const [, patches] = finalize();
    return { patches, values };
  }

  return runFrom(0);
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}
