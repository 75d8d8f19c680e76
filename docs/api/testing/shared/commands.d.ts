import { n as DownReason, r as FenceEvent, s as PeerId } from "./ports.js";

//#region src/contracts/commands.d.ts
/** The ports of a medium that a suite opens and closes. */
type PortName = "transport" | "failureDetector" | "fence";
/** A frame to send: the value itself, one that is made where it is sent, or a number of them in one go. */
type Load = {
  readonly type: "plain";
  readonly frame: object;
} /** `richSample`; the receiver reports how it describes what came. */ | {
  readonly type: "rich";
} | {
  readonly type: "uncloneable";
} /** An object that the sender changes as soon as it is sent. */ | {
  readonly type: "changed-after";
} /** `{ index }` from 0 to `count - 1`, without a pause. */ | {
  readonly type: "burst";
  readonly count: number;
};
/** One thing to do. */
type Command = {
  readonly type: "open";
  readonly port: PortName;
  readonly id?: PeerId;
} | {
  readonly type: "close";
  readonly port: PortName;
} | {
  readonly type: "post";
  readonly load: Load;
} | {
  readonly type: "send";
  readonly to: PeerId;
  readonly load: Load;
} | {
  readonly type: "census";
} /** Watches `peer`; its `down` is reported under `watch`. */ | {
  readonly type: "monitor";
  readonly peer: PeerId;
  readonly watch: string;
} | {
  readonly type: "unmonitor";
  readonly watch: string;
} | {
  readonly type: "request";
  readonly over: readonly PeerId[];
} | {
  readonly type: "release";
} | {
  readonly type: "steal";
  readonly holder: PeerId;
} | {
  readonly type: "holder";
} | {
  readonly type: "holds";
} /** Takes the fence and gives it back, `rounds` times, and counts the times that it was not alone in it. */ | {
  readonly type: "contend";
  readonly rounds: number;
} /** Posts what a newcomer needs to reach this peer's fence; whoever hears it adopts it. */ | {
  readonly type: "share";
  readonly authority: "holder" | "peer";
} /** Adopts something that is no fence. */ | {
  readonly type: "adopt-rubbish";
  readonly from: PeerId;
} /** Runs without a pause, as a busy loop does. */ | {
  readonly type: "spin";
  readonly durationMs: number;
} | {
  readonly type: "guarantees";
} /** Several commands in one go, so that nothing can come between them. */ | {
  readonly type: "all";
  readonly commands: readonly Command[];
};
/** What came of a command: what it returned, or the name of what it threw. */
interface Outcome {
  readonly threw: string | null;
  readonly value: unknown;
}
/** Something that a port told its user. `within` says that it was told from within a method of a port. */
type PortEvent = {
  readonly within: boolean;
} & ({
  readonly type: "frame";
  readonly frame: unknown;
  readonly description: string;
} | {
  readonly type: "down";
  readonly watch: string;
  readonly reason: DownReason;
} | {
  readonly type: "fence";
  readonly event: FenceEvent["type"];
} | {
  readonly type: "adopted";
});
//#endregion
export { PortName as i, Outcome as n, PortEvent as r, Command as t };