/**
 * All cases of the oracle.
 *
 * @module
 */
import type { Scenario } from "../scenario.js";
import { calls } from "./calls.js";
import { endings } from "./endings.js";
import { failover } from "./failover.js";
import { hangsAndSplits } from "./hangs-and-splits.js";
import { membership } from "./membership.js";
import { starting } from "./starting.js";

export const scenarios: readonly Scenario[] = [...starting, ...membership, ...calls, ...endings, ...failover, ...hangsAndSplits];
