/**
 * The realm of this program: the names that run in this tab, worker or thread.
 *
 * @module
 */
import {
  type BehaviourTypes,
  createRealm,
  type Realm,
  type Server,
  type SuperviseOptions,
  type Supervisor,
  supervise as superviseWith,
} from "@gen-leader/behaviour";
import { defaultMedium } from "./platform.js";

let own: Realm | null = null;

function realm(): Realm {
  own ??= createRealm(defaultMedium);
  return own;
}

/** Starts a server under a name on this peer; see {@link Realm.start}. */
export const start: Realm["start"] = (...args) => realm().start(...args);

/** Starts a server that ends with its parent; see {@link Realm.startLink}. */
export const startLink: Realm["startLink"] = (...args) => realm().startLink(...args);

/** The server that runs under a name in this realm; see {@link Realm.whereis}. */
export const whereis: Realm["whereis"] = (...args) => realm().whereis(...args);

/** Starts a server and starts it again when it ends, within an intensity, as OTP's supervisor. */
export function supervise<T extends BehaviourTypes>(
  begin: () => Promise<Server<T>>,
  options: SuperviseOptions<T> = {},
): Promise<Supervisor<T>> {
  return superviseWith(begin, options, () => performance.now());
}
