/**
 * A page that counts in a persisted store until it is ended, and says what was acknowledged. Its address names it.
 *
 * @module
 */
import { openStore } from "@gen-leader/store";
import { idb } from "@gen-leader/store/idb";
import { keepCounting, lanesStore, type Told } from "../../chaos/store/lanes.js";

declare global {
  /** Tells the driver. */
  function tell(told: Told): Promise<void>;
}

const name = new URL(location.href).searchParams.get("name") ?? "";
const store = await openStore("lanes", { ...lanesStore, persistence: idb() });
await keepCounting(store, name, (told) => void tell(told));
