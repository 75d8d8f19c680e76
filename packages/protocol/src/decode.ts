/**
 * The border: whether a frame that came from outside is a message of this protocol. Looks at a bounded envelope
 * only; what users send is not walked, whatever its size.
 *
 * @module
 */
import type { DropReason } from "./effects.js";
import { type Message, protocolVersion } from "./messages.js";
import { isPeerId, type PeerId } from "./peer.js";

/** A message, or why there is none. */
export type Decoded =
  | { readonly type: "message"; readonly message: Message }
  | { readonly type: "rejected"; readonly reason: DropReason; readonly from: PeerId | null };

type Check = (value: unknown) => boolean;

/** The longest list in an envelope: members, entries, ancestors. */
const listLimit = 100_000;
/** The longest text in an envelope: names, candidate lists, messages of errors. */
const textLimit = 100_000;

const isCount: Check = (value) => typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
/** 0 is what a peer asks of itself. */
const isSerial: Check = (value) => isCount(value) && value !== 0;
const isFiniteNumber: Check = (value) => typeof value === "number" && Number.isFinite(value);
const isFlag: Check = (value) => typeof value === "boolean";
const isText: Check = (value) => typeof value === "string" && value.length <= textLimit;
/** What users send: anything, unseen. */
const isAnything: Check = () => true;

function record(value: unknown): { readonly [field: string]: unknown } | null {
  if (typeof value !== "object" || value === null) return null;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) return null;
  return Array.isArray(value) ? null : (value as { readonly [field: string]: unknown });
}

/** Own fields only: what a prototype lends does not count. */
function hasFields(value: unknown, checks: { readonly [field: string]: Check }): boolean {
  const fields = record(value);
  if (fields === null) return false;
  for (const [name, check] of Object.entries(checks)) {
    if (!Object.hasOwn(fields, name) && check !== isAnything) return false;
    if (!check(fields[name])) return false;
  }
  return true;
}

function oneOf(...values: readonly unknown[]): Check {
  return (value) => values.includes(value);
}

function listOf(check: Check): Check {
  // Unlike `every`, this looks at holes, which structured clone keeps.
  return (value) => Array.isArray(value) && value.length <= listLimit && !Array.from<unknown>(value).some((item) => !check(item));
}

function nullable(check: Check): Check {
  return (value) => value === null || check(value);
}

const isToken: Check = (value) => hasFields(value, { epoch: isCount, leader: isPeerId });
const isPosition: Check = (value) => hasFields(value, { token: nullable(isToken), sequence: isCount, root: nullable(isToken) });
const isMember: Check = (value) =>
  hasFields(value, {
    id: isPeerId,
    role: oneOf("candidate", "worker"),
    priority: isFiniteNumber,
    preference: isFiniteNumber,
    version: isFiniteNumber,
  });
const isEntry: Check = (value) =>
  hasFields(value, { type: oneOf("message"), payload: isAnything }) ||
  hasFields(value, { type: oneOf("members"), members: listOf(isMember) });
const isResult: Check = (value) =>
  hasFields(value, { type: oneOf("value"), value: isAnything }) ||
  hasFields(value, { type: oneOf("error"), code: oneOf("not-implemented", "call-failed"), message: isText, cause: isAnything });

/** The fields of each message; the types are in messages.ts. */
const shapes: { readonly [Type in Message["type"]]: { readonly [field: string]: Check } } = {
  join: { member: isMember, position: isPosition, highestEpoch: isCount, lists: isText },
  here: { member: isMember, position: isPosition, highestEpoch: isCount },
  "name-taken": { refused: isPeerId },
  halt: { campaign: isToken, member: isMember, position: isPosition },
  acknowledge: { campaign: isToken, member: isMember, position: isPosition, highestEpoch: isCount },
  refuse: { campaign: isToken, reason: oneOf("promised", "blank", "ahead", "led"), against: nullable(isToken) },
  withdraw: { campaign: isToken },
  fetch: { campaign: isToken, position: isPosition },
  tail: {
    campaign: isToken,
    complete: isFlag,
    base: isPosition,
    sync: nullable((value) => hasFields(value, { payload: isAnything })),
    entries: listOf(isEntry),
    ancestry: listOf(isPosition),
  },
  announce: {
    root: nullable(isToken),
    token: isToken,
    campaign: isToken,
    members: listOf(isMember),
    sync: isAnything,
    ancestry: listOf(isPosition),
  },
  welcome: {
    root: nullable(isToken),
    token: isToken,
    sequence: isCount,
    members: listOf(isMember),
    sync: isAnything,
    ancestry: listOf(isPosition),
  },
  broadcast: { token: isToken, sequence: isCount, entry: isEntry },
  aside: { token: isToken, payload: isAnything },
  digest: { token: isToken, sequence: isCount },
  report: { token: isToken, sequence: isCount },
  resync: { token: isToken, position: isPosition },
  missed: { token: isToken, first: isCount, entries: listOf(isEntry) },
  removed: { token: isToken },
  "hand-over": { token: isToken, successor: nullable(isPeerId) },
  resign: { token: isToken, leaving: isFlag, successor: nullable(isPeerId), backOffMs: isCount },
  leave: { backOffMs: isCount },
  challenge: { nonce: isCount },
  alive: { nonce: isCount },
  accuse: { accused: isPeerId },
  call: { token: isToken, serial: isSerial, call: isCount, request: isAnything },
  cast: { token: isToken, serial: isSerial, payload: isAnything },
  cancel: { token: isToken, serial: isSerial, call: isCount },
  reply: { token: isToken, serial: isSerial, call: isCount, after: isCount, result: isResult },
  bounce: { serial: isSerial, call: isCount },
  "peer-call": { serial: isSerial, call: isCount, request: isAnything },
  "peer-reply": { call: isCount, result: isResult },
  "peer-cancel": { serial: isSerial, call: isCount },
  "peer-cast": { serial: isSerial, payload: isAnything },
};

function isMessageType(type: unknown): type is Message["type"] {
  return typeof type === "string" && Object.hasOwn(shapes, type);
}

/** A claim about itself must be the sender's own: nobody speaks for another. */
function speaksForItself(fields: { readonly [field: string]: unknown }, from: PeerId): boolean {
  const { type, member, campaign, token } = fields;
  const claimsMember = type === "join" || type === "here" || type === "halt" || type === "acknowledge";
  if (claimsMember && (member as { id: unknown }).id !== from) return false;
  if ((type === "halt" || type === "withdraw" || type === "announce") && (campaign as { leader: unknown }).leader !== from) return false;
  const claimsToken =
    type === "announce" || type === "welcome" || type === "broadcast" || type === "digest" || type === "resign" || type === "removed";
  return !claimsToken || (token as { leader: unknown }).leader === from;
}

/** Whether fields whose sender is known to be well formed are those of a message. */
function isMessage(fields: object, type: unknown, from: PeerId): fields is Message {
  const known = record(fields);
  return known !== null && isMessageType(type) && hasFields(known, shapes[type]) && speaksForItself(known, from);
}

/** Takes a frame for a message, if it is one. Never throws. */
export function decode(frame: unknown): Decoded {
  try {
    const fields = record(frame);
    if (fields === null) return { type: "rejected", reason: "malformed", from: null };
    const { gl, from, type } = fields;
    if (!Object.hasOwn(fields, "gl") || !isPeerId(from)) return { type: "rejected", reason: "malformed", from: null };
    if (gl !== protocolVersion) return { type: "rejected", reason: typeof gl === "number" ? "version" : "malformed", from };
    return isMessage(fields, type, from) ? { type: "message", message: fields } : { type: "rejected", reason: "malformed", from };
  } catch {
    // A getter or a proxy that throws: possible only within one realm, and no message.
    return { type: "rejected", reason: "malformed", from: null };
  }
}
