/**
 * OTP's `sys` for one server: what is looked at or changed runs between two callbacks.
 *
 * @module
 */
import type { CallbackRunner, Run } from "./callback-runner.js";
import type { Callbacks } from "./callbacks.js";
import type { Mailbox, Task } from "./mailbox.js";
import type { Recorder } from "./recorder.js";
import type { ServerEvent } from "./server-event.js";
import type { Statistics } from "./statistics.js";

/** The parts of a server that `sys` looks into. */
export interface SysHost {
  readonly runner: CallbackRunner;
  readonly mailbox: Mailbox<Task, Task>;
  readonly recorder: Recorder;
  /** Lets something run between two callbacks that says itself when it is done. */
  between<R>(run: (done: (value: R) => void) => Run): Promise<R>;
  statistics(): Statistics;
}

export function createSys({ runner, mailbox, recorder, between, statistics }: SysHost) {
  return {
    suspend: () => between<void>((done) => done(mailbox.suspend())),
    resume: () => mailbox.resume(),
    getState: () => between<unknown>((done) => done(runner.state)),
    replaceState: (change: (state: unknown) => unknown) =>
      between<unknown>((done) => {
        runner.state = change(runner.state);
        done(runner.state);
      }),
    replaceBehaviour: (callbacks: Callbacks, version?: number) => between<void>((done) => runner.replace(callbacks, version, done)),
    trace: (listener: (event: ServerEvent) => void) => recorder.listen(listener),
    log: () => recorder.log(),
    statistics,
  };
}
