/**
 * What peers in threads send each other below the frames of the transport: over the channel that all of a cluster
 * hear, and over the port of a link between two.
 *
 * @module
 */
import type { PeerId } from "@gen-leader/protocol";

/** A message on the channel. Each carries its sender's thread: that is how peers learn each other's addresses. */
export interface ChannelMessage {
  readonly genLeader: "channel";
  readonly from: PeerId;
  readonly thread: number;
  readonly body: ChannelBody;
}

export type ChannelBody =
  /** A peer has opened. */
  | { readonly type: "here" }
  /** A frame for everybody, or for `to` while no link to it stands. */
  | { readonly type: "frame"; readonly to: PeerId | null; readonly frame: object }
  /** The sender's frames to `to` come over a link from here on. */
  | { readonly type: "moved"; readonly to: PeerId }
  /** Asks everybody for the thread of `peer`. */
  | { readonly type: "where"; readonly peer: PeerId }
  /** Answers the question: the thread, or `null` if the peer is known to be gone. */
  | { readonly type: "located"; readonly to: PeerId; readonly peer: PeerId; readonly at: number | null };

/** A message on the port of a link. */
export type LinkMessage =
  /** The peer that was linked to is there, and hears. */
  | { readonly type: "ready" }
  /** There is no such peer, or none that is alive, in this thread. */
  | { readonly type: "gone" }
  /** The sender leaves; its port closes next. */
  | { readonly type: "bye" }
  /** A frame. `direct` marks one whose sender has never used the channel for this receiver. */
  | { readonly type: "frame"; readonly direct: boolean; readonly frame: object };

/** What `postMessageToThread` carries to the thread of the peer that is to be linked to. */
export interface LinkRequest<Port> {
  readonly genLeader: "link";
  readonly cluster: string;
  readonly from: PeerId;
  readonly to: PeerId;
  readonly port: Port;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/** Whether a message on the channel is one of ours: anybody in the process can open a channel of any name. Frames are looked at by who receives them. */
export function isChannelMessage(value: unknown): value is ChannelMessage {
  return (
    isObject(value) &&
    "genLeader" in value &&
    value.genLeader === "channel" &&
    "from" in value &&
    typeof value.from === "string" &&
    "thread" in value &&
    isThread(value.thread) &&
    "body" in value &&
    isObject(value.body) &&
    isChannelBody(value.body)
  );
}

function isThread(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

function isChannelBody(body: object): body is ChannelBody {
  const { type, to, peer, at }: { type?: unknown; to?: unknown; peer?: unknown; at?: unknown } = body;
  switch (type) {
    case "here":
      return true;
    case "frame":
      return to === null || typeof to === "string";
    case "moved":
      return typeof to === "string";
    case "where":
      return typeof peer === "string";
    case "located":
      return typeof to === "string" && typeof peer === "string" && (at === null || isThread(at));
    default:
      return false;
  }
}

/** Whether a message on a port is one of ours. */
export function isLinkMessage(value: unknown): value is LinkMessage {
  return isObject(value) && "type" in value;
}

/** Whether a message from another thread asks for a link. Other libraries send such messages too. */
export function isLinkRequest(value: unknown): value is LinkRequest<unknown> {
  return (
    isObject(value) &&
    "genLeader" in value &&
    value.genLeader === "link" &&
    "cluster" in value &&
    "from" in value &&
    typeof value.from === "string" &&
    "to" in value &&
    "port" in value
  );
}
