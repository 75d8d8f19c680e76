/**
 * A thread that has a large store open, goes on writing to it if it is told to, and watches how long its own event loop stands still.
 */
import { monitorEventLoopDelay } from "node:perf_hooks";
import { parentPort, workerData } from "node:worker_threads";
import { openStore } from "@gen-leader/store";

/** What the thread tells. */
export type Told =
  | { readonly type: "open" }
  | { readonly type: "filled" }
  | { readonly type: "counted"; readonly count: number }
  | { readonly type: "caught up"; readonly parts: number; readonly bytes: number; readonly heard: number }
  | { readonly type: "delay"; readonly longestMs: number };

/** What it is told. */
export type Asked =
  | { readonly type: "fill"; readonly parts: number; readonly bytes: number }
  | { readonly type: "count" }
  | { readonly type: "measure" | "report" };

const { role, name }: { readonly role: "candidate" | "worker"; readonly name: string } = workerData;
const initial: { parts: Record<string, string>; count: number } = { parts: {}, count: 0 };

function tell(told: Told): void {
  parentPort?.postMessage(told);
}

const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
let heard = 0;
const store = await openStore("large", {
  initial,
  role,
  peer: name,
  keepProcessAlive: true,
  commands: {
    fill(draft, key: string, part: string) {
      draft.parts[key] = part;
    },
    count(draft) {
      draft.count += 1;
      return draft.count;
    },
  },
});

store.subscribe((_state, { type }) => {
  heard += type === "committed" ? 1 : 0;
});
// Not how long it took to load.
delay.reset();
tell({ type: "open" });
await store.sync();
const parts = Object.values(store.get().parts);
tell({ type: "caught up", parts: parts.length, bytes: parts.reduce((sum, part) => sum + part.length, 0), heard });

async function count(): Promise<never> {
  for (;;) tell({ type: "counted", count: await store.doWith({ timeoutMs: Infinity }).count() });
}

async function hear(asked: Asked): Promise<void> {
  if (asked.type === "fill") {
    for (let number = 0; number < asked.parts; number += 1)
      await store.doWith({ timeoutMs: Infinity }).fill(`part-${number}`, String.fromCharCode(97 + (number % 26)).repeat(asked.bytes));
    tell({ type: "filled" });
  } else if (asked.type === "count") void count();
  else if (asked.type === "measure") delay.reset();
  else tell({ type: "delay", longestMs: delay.max / 1e6 });
}

parentPort?.on("message", (asked: Asked) => void hear(asked));
