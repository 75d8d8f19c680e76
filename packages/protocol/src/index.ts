/**
 * The pure core: what peers say to one another, what can happen to a peer, and what it then does.
 *
 * @module
 */
export { type Decoded, decode } from "./decode.js";
export type { CallOutcome, Delivery, DropReason, Effect, Note } from "./effects.js";
export type { Caller, Event } from "./events.js";
export { findPeer } from "./hand-over.js";
export * from "./messages.js";
export * from "./peer.js";
export type * from "./ports.js";
export { printDelivery, printEffect, printEvent, printMessage, printState, printToken } from "./print.js";
export { rankedCandidates, roleIn } from "./rank.js";
export { type Config, defaultLimits, initialState, type Limits, type PeerState, type Phase } from "./state.js";
export { nextDeadline, type Step, step } from "./step.js";
export * from "./token.js";
