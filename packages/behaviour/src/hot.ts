/**
 * Hot reload: a server goes on with new callbacks and its old state, through `codeChange`.
 *
 * @module
 */
import type { Behaviour, BehaviourTypes } from "./behaviour.js";
import type { Server } from "./server.js";

/**
 * What to do with a new version of a module: `select` finds the behaviour in it, and the server goes on with that. Vite looks for
 * `import.meta.hot.accept` in the text of the module, so that it has to stand there.
 *
 * @example
 * ```ts
 * import.meta.hot?.accept(acceptBehaviour(server, (module) => module.dictionary));
 * ```
 */
export function acceptBehaviour<T extends BehaviourTypes, Module>(
  server: Server<T>,
  select: (module: Module) => Behaviour<T>,
  version?: (module: Module) => number,
): (module: Module | undefined) => void {
  return (module) => {
    // Vite hands in nothing when the new module has an error.
    if (module === undefined) return;
    // It rejects if the server has ended, which `exited` tells.
    server.sys.replaceBehaviour(select(module), version?.(module)).catch(() => undefined);
  };
}
