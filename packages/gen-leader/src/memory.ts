/**
 * The memory medium: peers of one realm, for tests.
 *
 * @module
 */
export * from "@gen-leader/adapters/memory";
