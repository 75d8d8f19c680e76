/**
 * A peer of the contract suites in a worker thread, over the medium of browsers without Web Locks: Node's
 * BroadcastChannel is the same, and its threads really die.
 */
import { createBrowserWithoutLocksMedium } from "@gen-leader/adapters/browser";
import { servePeer } from "./serve-peer.js";

servePeer(createBrowserWithoutLocksMedium({ beatMs: 150 }));
