/**
 * A store under faults: what its users see can be put in one order, nothing that was acknowledged is lost, and nothing happens twice. In each
 * weather somebody stays who has everything: whoever is frozen, or in the back/forward cache, cannot be asked, and so does not count.
 */
import { checkLinearizability } from "@gen-leader/testing";
import { describe, expect, test } from "vitest";
import { listsModel, simulateUsers } from "./simulated-users.js";

const weathers = {
  "crashes and restarts": { crash: 2, restart: 1 },
  "crashes and hangs": { crash: 2, hang: 1 },
  "hangs and thefts of the fence": { crash: 1, hang: 2, steal: 2 },
  "frozen pages": { crash: 1, restart: 1, freeze: 2 },
  "pages in the back/forward cache": { crash: 1, cache: 2 },
  "hidden pages on a machine that sleeps": { crash: 1, throttle: 2, clockJump: 1 },
};

describe.each(Object.entries(weathers))("%s", (_name, weather) => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])("seed %i", async (seed) => {
    const faults = { ...weather, delayMs: [0, 30] } as const;
    const { history, copies, complaints } = await simulateUsers({ seed, durability: "replicated", faults, rounds: 40 });
    expect(history.length).toBeGreaterThan(20);
    expect(copies.length).toBeGreaterThan(0);
    for (const copy of copies) {
      expect(copy).toEqual(copies[0]);
      for (const list of Object.values(copy)) expect(new Set(list).size).toBe(list.length);
    }
    expect(complaints).toEqual([]);
    expect(checkLinearizability(listsModel, history)).toEqual({ type: "linearizable" });
  });
});
