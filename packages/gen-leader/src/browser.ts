/**
 * The media of browsers, for those who want to set their options.
 *
 * @module
 */
export * from "@gen-leader/adapters/browser";
