/**
 * What users ask of a dictionary when nobody tells them.
 *
 * @module
 */
import type { SeededRandom } from "@gen-leader/testing";
import type { DictionaryRequest } from "./dictionary-model.js";

/** Few, so that requests meet. */
const fewKeys: readonly string[] = ["colour", "size", "shape"];

/** A request about one of the keys, which writes `value` if it writes anything. */
export function randomRequest(random: SeededRandom, value: string, keys = fewKeys): DictionaryRequest {
  const key = random.pick(keys);
  switch (random.between(0, 4)) {
    case 0:
      return { type: "store", key, value };
    case 1:
      return { type: "erase", key };
    case 2:
      return { type: "append", key, value };
    default:
      return { type: "lookup", key };
  }
}
