/**
 * One leader among tabs, workers and threads.
 *
 * @module
 */
export * from "@gen-leader/behaviour";
export type {
  Clock,
  DownReason,
  FailureDetector,
  Fence,
  FenceEvent,
  Guarantees,
  Lifecycle,
  Logger,
  Medium,
  MediumFactory,
  Member,
  PeerId,
  Random,
  Role,
  Token,
  Transport,
} from "@gen-leader/protocol";
export { compareTokens, incarnationOf, nameOf } from "@gen-leader/protocol";
export { lead } from "./lead.js";
export { type ElectionDetail, measureElections } from "./measure-elections.js";
export { start, startLink, whereis } from "./realm.js";
export { supervise } from "./supervise.js";
