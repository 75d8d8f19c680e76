/**
 * The pure core and the ports, for those who write a medium or drive the core themselves.
 *
 * @module
 */
export * from "@gen-leader/protocol";
