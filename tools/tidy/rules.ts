/**
 * All rules of the house, by name.
 *
 * @module
 */
import { bannedConstructs, bannedWords } from "./banned.js";
import { noCycles } from "./cycles.js";
import { noDeadFiles } from "./dead-files.js";
import { liveLinks, oneTitle } from "./documents.js";
import { importDirections } from "./layers.js";
import { wholeLockFile } from "./lock-file.js";
import { documentedSources, oneConcept, shortFiles } from "./one-concept.js";
import { purity } from "./purity.js";
import type { Rule } from "./rule.js";

/** Every rule, with the sentence that it enforces. */
export const rules: ReadonlyMap<string, Rule> = new Map([
  ["imports point downward and through the front door", importDirections],
  ["no import cycles", noCycles],
  ["protocol and behaviour touch no platform", purity],
  ["a file holds one concept", oneConcept],
  ["files are short", shortFiles],
  ["sources say what they are and do nothing at import", documentedSources],
  ["no banned words", bannedWords],
  ["no banned constructs", bannedConstructs],
  ["no dead files", noDeadFiles],
  ["one title per document", oneTitle],
  ["the lock file is whole", wholeLockFile],
  ["links lead somewhere", liveLinks],
]);
