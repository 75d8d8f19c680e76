/**
 * Options checked once, at the door: a value that cannot work is refused before anything else happens.
 *
 * @module
 */
import {
  type Config,
  defaultLimits,
  type Guarantees,
  type Limits,
  type Medium,
  type MediumFactory,
  maximumNameLength,
} from "@gen-leader/protocol";
import { BadArgumentError, UnsupportedRuntimeError } from "./errors.js";
import type { StartOptions } from "./server.js";

/** The options that a peer needs, whatever is built on it. */
export type PeerOptions = Pick<
  StartOptions,
  | "role"
  | "candidates"
  | "workers"
  | "peer"
  | "priority"
  | "prefer"
  | "namespace"
  | "version"
  | "epoch"
  | "historyLimit"
  | "limits"
  | "keepAwake"
  | "keepProcessAlive"
  | "medium"
  | "transport"
  | "failureDetector"
  | "fence"
  | "clock"
  | "logger"
>;

/** What a peer is made of. */
export interface Configured {
  readonly peer: string;
  readonly config: Config;
  readonly medium: Medium;
  /** False for a peer that is on neither of its lists: nobody would hear it. */
  readonly listed: boolean;
}

/** The string that peers of one cluster share: another one for every namespace and name, whatever is in them. */
export function clusterKey(name: string, namespace = ""): string {
  if (typeof name !== "string" || name === "") throw new BadArgumentError("A server's name must be a string that is not empty.");
  if (typeof namespace !== "string") throw new BadArgumentError("The option namespace must be a string.");
  return namespace === "" ? escaped(name) : `${escaped(namespace)}/${escaped(name)}`;
}

function escaped(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("/", "%2F");
}

/** What makes a peer of `cluster`. @throws BadArgumentError, UnsupportedRuntimeError */
export function configure(cluster: string, options: PeerOptions, defaultMedium: MediumFactory | null, snapshots: boolean): Configured {
  const factory = options.medium ?? defaultMedium;
  if (factory === null) throw new UnsupportedRuntimeError("This runtime has no default medium. Pass the option medium.");
  const { keepAwake = true, keepProcessAlive = false } = options;
  const chosen = factory(cluster, { keepAwake, keepProcessAlive });
  const medium: Medium = {
    ...chosen,
    transport: options.transport ?? chosen.transport,
    failureDetector: options.failureDetector ?? chosen.failureDetector,
    fence: options.fence === undefined ? chosen.fence : options.fence,
    clock: options.clock ?? chosen.clock,
    guarantees: options.fence === null ? withoutFence(chosen.guarantees) : chosen.guarantees,
  };
  const peer = options.peer ?? randomName(medium.random);
  checkName("peer", peer);
  const lists = options.candidates === undefined ? null : { candidates: [...options.candidates], workers: [...(options.workers ?? [])] };
  if (options.workers !== undefined && lists === null)
    throw new BadArgumentError("The option workers needs the option candidates beside it.");
  for (const listed of [...(lists?.candidates ?? []), ...(lists?.workers ?? [])]) checkName("candidates or workers", listed);
  if (lists !== null && new Set([...lists.candidates, ...lists.workers]).size < lists.candidates.length + lists.workers.length)
    throw new BadArgumentError("A name stands twice in the options candidates and workers.");
  const listed = lists === null || lists.candidates.includes(peer) || lists.workers.includes(peer);
  const listedRole = lists === null ? undefined : lists.candidates.includes(peer) ? "candidate" : "worker";
  const role = listedRole ?? options.role ?? "candidate";
  if (role !== "candidate" && role !== "worker") throw new BadArgumentError('The option role must be "candidate" or "worker".');
  return {
    peer,
    medium,
    listed,
    config: {
      role,
      priority: finite("priority", options.priority ?? 0),
      version: finite("version", options.version ?? 0),
      epoch: epochFrom(options.epoch ?? 0),
      lists,
      limits: checkLimits(options.limits),
      historyLimit: positive("historyLimit", options.historyLimit ?? 1024),
      fenced: medium.fence !== null,
      snapshots,
    },
  };
}

/** Refuses what only a server has options for. */
export function checkServerOptions({
  initTimeoutMs,
  localCalls,
  debug,
}: Pick<StartOptions, "initTimeoutMs" | "localCalls" | "debug">): void {
  if (initTimeoutMs !== undefined) positive("initTimeoutMs", initTimeoutMs);
  if (localCalls !== undefined && localCalls !== "when-led" && localCalls !== "always")
    throw new BadArgumentError('The option localCalls must be "when-led" or "always".');
  for (const kind of debug ?? [])
    if (kind !== "trace" && kind !== "log" && kind !== "statistics")
      throw new BadArgumentError('The option debug must be a list of "trace", "log" and "statistics".');
}

function withoutFence(guarantees: Guarantees): Guarantees {
  return {
    ...guarantees,
    fence: "none",
    caveats: [...guarantees.caveats, "Without a fence two peers may lead for a moment, under two tokens."],
  };
}

function randomName(random: () => number): string {
  return Math.floor(random() * 36 ** 8)
    .toString(36)
    .padStart(8, "0");
}

function checkName(option: string, name: unknown): void {
  if (typeof name !== "string" || name === "" || name.length > maximumNameLength || /[#\s]/.test(name))
    throw new BadArgumentError(
      `The option ${option} must hold names of 1 to ${maximumNameLength} characters, without "#" and white space.`,
    );
}

function finite(option: string, value: number): number {
  if (!Number.isFinite(value)) throw new BadArgumentError(`The option ${option} must be a finite number.`);
  return value;
}

function epochFrom(epoch: number): number {
  if (!Number.isSafeInteger(epoch) || epoch < 0) throw new BadArgumentError("The option epoch must be a whole number.");
  return epoch;
}

function positive(option: string, value: number): number {
  if (!(value > 0)) throw new BadArgumentError(`The option ${option} must be a positive number.`);
  return value;
}

function checkLimits(limits: StartOptions["limits"]): Limits {
  const merged = { ...defaultLimits, ...limits };
  for (const [option, value] of Object.entries(merged)) positive(`limits.${option}`, value);
  if (merged.suspectMs * 2 > merged.unresponsiveMs)
    throw new BadArgumentError(
      "limits.suspectMs must be at most half of limits.unresponsiveMs, else a deposed leader could miss its deposition.",
    );
  return merged;
}

/** What ranks a peer besides its priority. */
export function preferenceOf(prefer: StartOptions["prefer"], visible: boolean): number {
  return prefer === "visible" && visible ? 1 : 0;
}
