/**
 * One line of what happened to a server.
 *
 * @module
 */
import type { PeerId } from "@gen-leader/protocol";

/** Something that happened, as kept by `debug: ["log"]` and shown in timelines. */
export interface ServerEvent {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly peer: PeerId;
  readonly type: string;
  /** One line for people, in the notation of the transcripts. */
  readonly text: string;
}
