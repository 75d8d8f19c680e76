import { d as MediumFactory, o as Guarantees, t as Clock } from "./shared/ports.js";

//#region ../adapters/src/media/browser.d.ts
/** What this medium promises. */
declare const browserGuarantees: Guarantees;
/**
 * A medium over BroadcastChannel and Web Locks. Needs a secure context: https, or localhost. Peers that wish it
 * (`keepAwake: false`) have their locks held by a worker, which does not keep their page from being frozen.
 */
declare function createBrowserMedium(): MediumFactory;
//#endregion
//#region ../adapters/src/failure-detectors/heartbeat.d.ts
/** Options of the detector. */
interface HeartbeatOptions {
  /** How often a watched peer shows that it is alive, in milliseconds. @default 1000 */
  readonly beatMs?: number;
  readonly clock?: Clock;
}
//#endregion
//#region ../adapters/src/media/browser-without-locks.d.ts
/** What this medium promises. */
declare const browserWithoutLocksGuarantees: Guarantees;
/** A medium over BroadcastChannel alone, with heartbeats. */
declare function createBrowserWithoutLocksMedium(options?: HeartbeatOptions): MediumFactory;
//#endregion
export { browserGuarantees, browserWithoutLocksGuarantees, createBrowserMedium, createBrowserWithoutLocksMedium };