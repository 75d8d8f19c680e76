/**
 * A thread that writes to a store until it is ended, and says what was acknowledged.
 */
import { parentPort, workerData } from "node:worker_threads";
import { openStore } from "@gen-leader/store";

/** What the thread tells. */
export type Told =
  | { readonly type: "acknowledged"; readonly value: string }
  | { readonly type: "leads"; readonly thread: string }
  /** It has all that was acknowledged before. */
  | { readonly type: "in step" }
  | { readonly type: "read"; readonly values: readonly string[] };

const name = String(workerData);
const initial: { values: string[] } = { values: [] };
const store = await openStore("written", {
  initial,
  commands: {
    append(draft, value: string) {
      draft.values.push(value);
    },
  },
});

function tell(told: Told): void {
  parentPort?.postMessage(told);
}

store.subscribe(() => {
  if (store.status.phase === "leading") tell({ type: "leads", thread: name });
});

async function read(): Promise<void> {
  await store.sync();
  tell({ type: "read", values: store.get().values });
}

parentPort?.on("message", () => void read());

await store.sync({ timeoutMs: Infinity });
tell({ type: "in step" });
for (let number = 1; ; number += 1) {
  const value = `${name}/${number}`;
  await store.doWith({ timeoutMs: Infinity }).append(value);
  tell({ type: "acknowledged", value });
}
