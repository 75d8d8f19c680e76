/**
 * The clock of the realm keeps the contract of its port.
 */
import { testClock } from "@gen-leader/testing/contracts";
import { createSystemClock } from "../src/clocks/system.js";

testClock("system", createSystemClock);
