/**
 * The global dictionary, shared by the demo, the playground and the tests.
 *
 * @module
 */
export * from "./dictionary.js";
