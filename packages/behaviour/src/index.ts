/**
 * The behaviour: callbacks, their results, servers and what is known of their cluster.
 *
 * @module
 */
export type * from "./behaviour.js";
export type { PeerOptions } from "./configure.js";
export type { DiagnosedMember, Diagnostics } from "./diagnostics.js";
export type * from "./election.js";
export * from "./errors.js";
export { acceptBehaviour } from "./hot.js";
export type { CleanUp, Lead, LeadContext, Leadership, LeadFunction, LeadOptions } from "./lead.js";
export { createLead } from "./lead.js";
export { replyTo } from "./open-calls.js";
export * from "./results.js";
export type * from "./server.js";
export type * from "./server-event.js";
export { createRealm, type Link, type OptionsOf, type Realm } from "./start.js";
export type * from "./statistics.js";
export { restartIntensityReached, type SuperviseOptions, type Supervisor, supervise } from "./supervise.js";
