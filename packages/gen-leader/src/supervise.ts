/**
 * The supervisor of this realm.
 *
 * @module
 */
import {
  type BehaviourTypes,
  type Server,
  type SuperviseOptions,
  type Supervisor,
  supervise as superviseWith,
} from "@gen-leader/behaviour";

/** Starts a server and starts it again when it ends, within an intensity, as OTP's supervisor. */
export function supervise<T extends BehaviourTypes>(
  begin: () => Promise<Server<T>>,
  options: SuperviseOptions<T> = {},
): Promise<Supervisor<T>> {
  return superviseWith(begin, options, () => performance.now());
}
