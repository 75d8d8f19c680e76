/**
 * A page with a persisted store. Its address says which, and what the page does with it: `counts` names a writer that counts until it is ended,
 * and says what was acknowledged; without it the page waits to be asked.
 *
 * @module
 */
import { openStore } from "@gen-leader/store";
import { idb } from "@gen-leader/store/idb";
import { keepCounting, type LanesStore, lanesStore, type Told } from "../../chaos/store/lanes.js";

declare global {
  /** Tells the driver. */
  function tell(told: Told): Promise<void>;
  /** The store, when it is open. Asked by the driver. */
  var lanes: Promise<LanesStore>;
  /** How long the next command that this page runs as leader keeps it busy, right after it was run and before anything of it is written. */
  var hangMs: number | undefined;
}

/** Whoever leads runs this; see `hangMs`. */
function hangIfAsked(): void {
  const ms = globalThis.hangMs;
  if (ms === undefined) return;
  globalThis.hangMs = undefined;
  queueMicrotask(() => {
    const end = performance.now() + ms;
    while (performance.now() < end);
  });
}

const { searchParams } = new URL(location.href);
globalThis.lanes = openStore(searchParams.get("store") ?? "lanes", {
  ...lanesStore,
  commands: {
    count(draft, lane: string, number: number) {
      hangIfAsked();
      lanesStore.commands.count(draft, lane, number);
    },
  },
  persistence: idb(),
  logger: console,
});
const writer = searchParams.get("counts");
if (writer !== null) await keepCounting(await globalThis.lanes, writer, (told) => void tell(told));
