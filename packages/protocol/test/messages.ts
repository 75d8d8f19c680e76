/**
 * One message of every type, as peers send them.
 */
import type { Member, Message } from "../src/index.js";

type Samples = { readonly [Type in Message["type"]]: Extract<Message, { readonly type: Type }> };

const member: Member = { id: "a#1", role: "candidate", priority: 0, preference: 0, version: 0 };
const envelope = { gl: 1, from: "a#1" } as const;
const token = { epoch: 7, leader: "a#1" } as const;
const position = { token, sequence: 3, root: null };
const entry = { type: "message", payload: "x" } as const;

export const sampleMessages: Samples = {
  join: { ...envelope, type: "join", member, position, highestEpoch: 7, lists: "" },
  here: { ...envelope, type: "here", member, position, highestEpoch: 7 },
  "name-taken": { ...envelope, type: "name-taken", refused: "a#2" },
  halt: { ...envelope, type: "halt", campaign: token, member, position },
  acknowledge: { ...envelope, type: "acknowledge", campaign: token, member, position, highestEpoch: 7 },
  refuse: { ...envelope, type: "refuse", campaign: token, reason: "promised", against: token },
  withdraw: { ...envelope, type: "withdraw", campaign: token },
  fetch: { ...envelope, type: "fetch", campaign: token, position },
  tail: {
    ...envelope,
    type: "tail",
    campaign: token,
    complete: true,
    base: position,
    sync: { payload: [] },
    entries: [entry],
    ancestry: [],
  },
  announce: { ...envelope, type: "announce", token, campaign: token, members: [member], sync: [], root: null, ancestry: [position] },
  welcome: { ...envelope, type: "welcome", token, sequence: 3, members: [member], sync: [], root: null, ancestry: [position] },
  broadcast: { ...envelope, type: "broadcast", token, sequence: 4, entry: { type: "members", members: [member] } },
  aside: { ...envelope, type: "aside", token, payload: "x" },
  digest: { ...envelope, type: "digest", token, sequence: 4 },
  report: { ...envelope, type: "report", token, sequence: 4 },
  resync: { ...envelope, type: "resync", token, position },
  missed: { ...envelope, type: "missed", token, first: 4, entries: [entry] },
  removed: { ...envelope, type: "removed", token },
  "hand-over": { ...envelope, type: "hand-over", token, successor: "b#2" },
  resign: { ...envelope, type: "resign", token, leaving: false, successor: null, backOffMs: 0 },
  leave: { ...envelope, type: "leave", backOffMs: 0 },
  challenge: { ...envelope, type: "challenge", nonce: 1 },
  alive: { ...envelope, type: "alive", nonce: 1 },
  accuse: { ...envelope, type: "accuse", accused: "b#2" },
  call: { ...envelope, type: "call", token, serial: 1, call: 1, request: "x" },
  cast: { ...envelope, type: "cast", token, serial: 1, payload: "x" },
  cancel: { ...envelope, type: "cancel", token, serial: 1, call: 1 },
  reply: { ...envelope, type: "reply", token, serial: 1, call: 1, after: 4, result: { type: "value", value: 1 } },
  bounce: { ...envelope, type: "bounce", serial: 1, call: 1 },
  "peer-call": { ...envelope, type: "peer-call", serial: 1, call: 1, request: "x" },
  "peer-reply": { ...envelope, type: "peer-reply", call: 1, result: { type: "error", code: "call-failed", message: "no", cause: null } },
  "peer-cancel": { ...envelope, type: "peer-cancel", serial: 1, call: 1 },
  "peer-cast": { ...envelope, type: "peer-cast", serial: 1, payload: "x" },
};
