/**
 * Hot reload: a server goes on with new callbacks and its old state, through `codeChange`.
 *
 * @module
 */
import type { Behaviour, BehaviourTypes } from "./behaviour.js";
import type { Server } from "./server.js";

/**
 * Accepts new versions of the module that calls it: `select` finds the behaviour in the new module, and the server goes
 * on with it. Does nothing where `hot` is undefined, as in a build.
 *
 * @example
 * ```ts
 * acceptBehaviour(server, import.meta.hot, (module) => module.dictionary);
 * ```
 */
export function acceptBehaviour<T extends BehaviourTypes, Module>(
  server: Server<T>,
  hot: { accept(listener: (module: Module | undefined) => void): void } | undefined,
  select: (module: Module) => Behaviour<T>,
  version?: (module: Module) => number,
): void {
  hot?.accept((module) => {
    // Vite hands in nothing when the new module has an error.
    if (module !== undefined) void server.sys.replaceBehaviour(select(module), version?.(module));
  });
}
