/**
 * Time limits for scenarios.
 *
 * @module
 */
import type { TimeLimits } from "gen-leader";

/** So long that nothing that waits for one of them happens within a test: what does happen needed no timer. */
export const patient: TimeLimits = {
  responseMs: 600_000,
  acknowledgeMs: 600_000,
  electionMs: 600_000,
  abandonMs: 600_000,
  challengeMs: 600_000,
  unresponsiveMs: 600_000,
  suspectMs: 300_000,
  settleMs: 600_000,
  backOffMs: 600_000,
};

/** For those that have to wait for somebody who will not act. */
export const responsive: TimeLimits = { ...patient, responseMs: 20 };

/** So short that a hung leader is replaced within a moment. */
export const brisk: TimeLimits = {
  responseMs: 50,
  acknowledgeMs: 200,
  abandonMs: 400,
  challengeMs: 50,
  unresponsiveMs: 100,
  suspectMs: 50,
  settleMs: 20,
};
