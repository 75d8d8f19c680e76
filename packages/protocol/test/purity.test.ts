/**
 * The core is a pure function: told over every transcript, with states and events that nobody can change.
 */
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { type Effect, type Event, type PeerState, step } from "../src/index.js";
import { parseTranscript } from "./story/stanzas.js";
import { Story } from "./story/story.js";

const folder = new URL("transcripts/", import.meta.url);

interface Taken {
  readonly before: PeerState;
  readonly event: Event;
  readonly after: PeerState;
  readonly effects: readonly Effect[];
}

/** Makes a value unchangeable, maps and sets included: whoever tries throws. */
function freezeDeep(value: unknown): void {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return;
  if (value instanceof Map || value instanceof Set) {
    const refuse = () => {
      throw new Error("a collection of the state was changed in place");
    };
    for (const name of ["set", "add", "delete", "clear"]) Object.defineProperty(value, name, { value: refuse });
    for (const part of value) freezeDeep(part);
  }
  Object.freeze(value);
  for (const part of Object.values(value)) freezeDeep(part);
}

/** Every step of a transcript; what each made was frozen before the next. */
function stepsOf(name: string): readonly Taken[] {
  const taken: Taken[] = [];
  const story = new Story((peer, event, effects, before) => {
    freezeDeep(event);
    freezeDeep(effects);
    freezeDeep(peer.state);
    taken.push({ before, event, after: peer.state, effects });
  });
  for (const part of parseTranscript(readFileSync(new URL(name, folder), "utf8"))) if (part.type === "stanza") story.run(part.command);
  return taken;
}

for (const name of readdirSync(folder).sort())
  test(`${name}: a step changes nothing that it was given, gives the same again, and its effects can be cloned`, () => {
    const steps = stepsOf(name);
    expect(steps.length).toBeGreaterThan(0);
    for (const { before, event, after, effects } of steps) {
      expect(step(before, event)).toEqual({ state: after, effects });
      expect(structuredClone(effects)).toEqual(effects);
    }
  });
