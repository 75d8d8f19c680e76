/**
 * Runs the commands of a contract suite on one peer's ports, in the realm of that peer.
 *
 * @module
 */
import type { Fence, Medium, PeerId } from "@gen-leader/protocol";
import type { Command, Load, Outcome, PortEvent, PortName } from "./commands.js";
import { describeValue, richSample, uncloneableSample } from "./samples.js";

/** One peer, as its realm runs it. */
export interface PortAgent {
  /** The id that its ports were last opened under. */
  readonly self: PeerId;
  run(command: Command): Promise<Outcome>;
}

/** What an agent posts to hand its fence to the others. */
interface Shared {
  readonly sharedFence: unknown;
  readonly from: PeerId;
  readonly authority: "holder" | "peer";
}

function isShared(frame: unknown): frame is Shared {
  return typeof frame === "object" && frame !== null && "sharedFence" in frame;
}

/** An agent of `id` over `medium`, whose ports are not open yet. `report` gets what they tell. */
export function createPortAgent(medium: Medium, id: PeerId, report: (event: PortEvent) => void): PortAgent {
  const { transport, failureDetector } = medium;
  const watches = new Map<string, () => void>();
  const fenceListeners = new Set<(event: string) => void>();
  let self = id;
  let within = false;

  function fence(): Fence {
    if (medium.fence === null) throw new Error("This medium has no fence.");
    return medium.fence;
  }

  /** Calls a method of a port; what is told meanwhile was told from within it. */
  function call<T>(method: () => T): T {
    within = true;
    try {
      return method();
    } finally {
      within = false;
    }
  }

  function receive(frame: unknown): void {
    if (!isShared(frame)) {
      // A frame that another realm cannot be shown as it is, is shown as text.
      const isPlain = describeValue(frame).length < 1000 && !describeValue(frame).includes("<");
      report({ type: "frame", frame: isPlain ? frame : null, description: describeValue(frame), within });
      return;
    }
    call(() => fence().adopt?.(frame.sharedFence, frame.from, frame.authority));
    report({ type: "adopted", within });
  }

  function open(port: PortName): Promise<void> {
    if (port === "transport") return call(() => transport.open(self, receive));
    if (port === "failureDetector") return call(() => failureDetector.open(self));
    return call(() =>
      fence().open(self, ({ type }) => {
        report({ type: "fence", event: type, within });
        for (const listener of fenceListeners) listener(type);
      }),
    );
  }

  function emit(load: Load, send: (frame: object) => void): void {
    switch (load.type) {
      case "plain":
        return send(load.frame);
      case "rich":
        return send(richSample());
      case "uncloneable":
        return send(uncloneableSample());
      case "changed-after": {
        const frame = { changed: false };
        send(frame);
        frame.changed = true;
        return;
      }
      case "burst":
        for (let index = 0; index < load.count; index += 1) send({ index });
    }
  }

  /** Holds the fence `rounds` times; each time nobody else may be in it. */
  async function contend(rounds: number): Promise<number> {
    let intrusions = 0;
    for (let round = 0; round < rounds; round += 1) {
      const granted = new Promise<void>((resolve) => {
        const listener = (event: string): void => {
          if (event === "ended") fence().request([]);
          if (event !== "granted") return;
          fenceListeners.delete(listener);
          resolve();
        };
        fenceListeners.add(listener);
      });
      call(() => fence().request([]));
      await granted;
      if (!fence().holds()) intrusions += 1;
      if ((await fence().holder()) !== self) intrusions += 1;
      if (!fence().holds()) intrusions += 1;
      call(() => fence().release());
    }
    return intrusions;
  }

  function spin(durationMs: number): void {
    const end = performance.now() + durationMs;
    while (performance.now() < end);
  }

  async function perform(command: Command): Promise<unknown> {
    switch (command.type) {
      case "open":
        self = command.id ?? self;
        return open(command.port);
      case "close":
        return call(() => (command.port === "fence" ? fence() : medium[command.port]).close());
      case "post":
        return emit(command.load, (frame) => call(() => transport.post(frame)));
      case "send":
        return emit(command.load, (frame) => call(() => transport.send(command.to, frame)));
      case "census":
        return call(() => failureDetector.census());
      case "monitor": {
        const { watch } = command;
        const end = call(() => failureDetector.monitor(command.peer, (reason) => report({ type: "down", watch, reason, within })));
        watches.set(watch, end);
        return;
      }
      case "unmonitor":
        return call(() => watches.get(command.watch)?.());
      case "request":
        return call(() => fence().request(command.over));
      case "release":
        return call(() => fence().release());
      case "steal":
        return call(() => fence().steal(command.holder));
      case "holder":
        return call(() => fence().holder());
      case "holds":
        return fence().holds();
      case "contend":
        return contend(command.rounds);
      case "share":
        return call(() => transport.post({ sharedFence: fence().share?.(), from: self, authority: command.authority } satisfies Shared));
      case "adopt-rubbish":
        for (const rubbish of rubbishFences())
          for (const authority of ["peer", "holder"] as const) call(() => fence().adopt?.(rubbish, command.from, authority));
        return;
      case "spin":
        return spin(command.durationMs);
      case "guarantees":
        return medium.guarantees;
      case "all": {
        const results = command.commands.map((part) => perform(part));
        return Promise.all(results);
      }
    }
  }

  return {
    get self() {
      return self;
    },
    async run(command) {
      try {
        return { threw: null, value: await perform(command) };
      } catch (thrown) {
        return { threw: nameOfThrown(thrown), value: undefined };
      }
    },
  };
}

/** Things that are no fence, though some look like a shared one. */
function rubbishFences(): unknown[] {
  const plain = [undefined, null, 1, "fence", {}, [], new ArrayBuffer(64)];
  if (typeof SharedArrayBuffer !== "function") return plain;
  return [...plain, new SharedArrayBuffer(0), new SharedArrayBuffer(64), new SharedArrayBuffer(1 << 20)];
}

function nameOfThrown(thrown: unknown): string {
  return typeof thrown === "object" && thrown !== null && "name" in thrown ? String(thrown.name) : String(thrown);
}
