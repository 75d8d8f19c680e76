/**
 * The everyday door of this realm.
 *
 * @module
 */
import { createLead, type Lead } from "@gen-leader/behaviour";
import { defaultMedium } from "./platform.js";

let own: Lead | null = null;

/**
 * Competes for leadership of `name`, and runs a function whenever this peer has it. A second `lead` of a name in one realm
 * shares the peer and replaces the function.
 *
 * @example
 * ```ts
 * const leadership = lead("sync-socket", ({ signal }) => {
 *   const socket = new WebSocket(url);
 *   return () => socket.close();
 * });
 * ```
 */
export const lead: Lead = (name, run, options) => {
  own ??= createLead(defaultMedium);
  return own(name, run, options);
};
