import { step } from "gen-leader/protocol";
import { describe, expect, test } from "vitest";
import { configurations } from "../exploration/configurations.js";
import { explore } from "../exploration/explore.js";
import { type Budget, defaultOptions, type ExplorationOptions, noBudget } from "../exploration/options.js";

/** Two peers, of which one leads, and what may befall them. */
const small = (budget: Partial<Budget>): ExplorationOptions => ({
  ...defaultOptions,
  peers: 2,
  minutes: 1,
  budget: { ...noBudget, ...budget },
});

describe("every interleaving of a small cluster", () => {
  test.each([
    ["a crash", { crashes: 1, calls: 1, early: 1 }],
    ["a hang", { hangs: 1, calls: 1 }],
    ["a hand-over", { handOvers: 1, calls: 1 }],
  ])("keeps every promise, and leads on to one leader: %s", (_what, budget) => {
    const { complete, violations, states } = explore({ options: small(budget) });
    expect(violations).toEqual([]);
    expect(complete).toBe(true);
    expect(states).toBeGreaterThan(100);
  });

  test("is found to be stuck where a core is deaf to the deaths of others", () => {
    const deaf: typeof step = (state, event) => (event.type === "down" ? { state, effects: [] } : step(state, event));
    const { violations } = explore({ options: small({ crashes: 1 }), step: deaf });
    expect(violations).toMatchObject([{ checker: "oneLeaderCanBeReached" }]);
    expect(violations[0]?.trace).toContain("crash");
  });

  test("is found to have a leader without the fence where a core takes every answer for its own name", () => {
    const vain: typeof step = (state, event) =>
      step(state, event.type === "fence-holder" && state.phase.type === "leading" ? { ...event, holder: state.self } : event);
    const { violations } = explore({ options: small({ hangs: 1, calls: 1 }), step: vain });
    expect(violations).toMatchObject([{ checker: "leadersHoldTheFence" }]);
  });

  test("is told from one that the time did not suffice for", () => {
    const { complete, states } = explore({ options: { ...small({ crashes: 1, calls: 1, early: 1 }), peers: 3, minutes: 0 } });
    expect(complete).toBe(false);
    expect(states).toBeGreaterThan(0);
  });
});

test("every set of faults has a configuration", () => {
  const faults = [...configurations.values()].map(({ options: { budget } }) => budget);
  for (const name of ["crashes", "hangs", "corpses", "restarts", "handOvers", "partitions", "losses"] as const)
    expect(faults.some((budget) => budget[name] > 0)).toBe(true);
});
