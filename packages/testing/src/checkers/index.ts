/**
 * What must hold of every simulated run, each promise by a function of its own.
 *
 * @module
 */
import { broadcastsInOrder, broadcastsOnce, lossesAreTold, nothingAppliedIsLost } from "./broadcasts.js";
import { callbackOrder } from "./callback-order.js";
import { acknowledgedWritesSurvive, callsFailByName, callsRunOnce, callsSettle, repliesFollowBroadcasts } from "./calls.js";
import type { Checker } from "./checker.js";
import { oneActorAtATime, oneLeaderPerFence, oneLeaderPerToken } from "./one-leader.js";
import { tokensAndEpochsGrow } from "./only-grow.js";
import { converges, nobodyIsTakenDown, nothingIsLeft, statesAgree } from "./progress.js";
import { storedTokensGrow } from "./stored-tokens.js";

/** Every checker by its name. */
export const checkers = {
  oneLeaderPerFence,
  oneActorAtATime,
  oneLeaderPerToken,
  storedTokensGrow,
  tokensAndEpochsGrow,
  callbackOrder,
  broadcastsInOrder,
  broadcastsOnce,
  nothingAppliedIsLost,
  lossesAreTold,
  callsSettle,
  callsRunOnce,
  callsFailByName,
  repliesFollowBroadcasts,
  acknowledgedWritesSurvive,
  converges,
  statesAgree,
  nobodyIsTakenDown,
  nothingIsLeft,
} as const satisfies Readonly<Record<string, Checker>>;

export type CheckerName = keyof typeof checkers;
