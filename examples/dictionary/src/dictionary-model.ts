/**
 * The dictionary as one sequence of requests would make it: what histories of leader calls are checked against.
 *
 * @module
 */
import type { SequentialModel } from "@gen-leader/testing";
import type { AnyRequest } from "gen-leader";
import { answer, type DictionaryTypes, type Entries } from "./dictionary.js";

/** A leader call of the dictionary. */
export type DictionaryRequest = AnyRequest<DictionaryTypes["leaderCalls"]>;

/** Each key is a part of its own. Replies are compared as JSON. */
export const dictionaryModel: SequentialModel<Entries, DictionaryRequest, unknown> = {
  initial: new Map(),
  partOf: ({ key }) => key,
  step(entries, request, returned) {
    const { reply, state } = answer(entries, request);
    return returned === null || JSON.stringify(reply) === JSON.stringify(returned.output) ? { state } : null;
  },
  print: (entries) => JSON.stringify([...entries]),
};
