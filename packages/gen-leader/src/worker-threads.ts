/**
 * The medium of Node's threads, for those who want to set its options.
 *
 * @module
 */
export * from "@gen-leader/adapters/worker-threads";
