/**
 * The border of the adapters: what another realm names as a peer.
 *
 * @module
 */
import type { PeerId } from "@gen-leader/protocol";

/** Whether something that came from outside looks like the id of a peer. */
export function isPeerId(value: unknown): value is PeerId {
  return typeof value === "string" && /^[^#]+#\d+$/.test(value);
}
