/**
 * A peer of the contract suites in a worker thread, over the medium of worker threads.
 */
import { createWorkerThreadsMedium } from "@gen-leader/adapters/worker-threads";
import { servePeer } from "./serve-peer.js";

servePeer(createWorkerThreadsMedium());
