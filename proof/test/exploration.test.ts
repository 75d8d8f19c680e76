import { step } from "gen-leader/protocol";
import { describe, expect, test } from "vitest";
import { explore } from "../exploration/explore.js";
import { defaultOptions, type ExplorationOptions, noBudget } from "../exploration/options.js";

/** Two peers that start at once, of which one may crash at any moment. */
const small: ExplorationOptions = { ...defaultOptions, peers: 2, minutes: 1, budget: { ...noBudget, crashes: 1 } };

describe("every interleaving of a small cluster", () => {
  test("keeps every promise, and leads on to one leader", () => {
    const { complete, violations, states } = explore({ options: small });
    expect(violations).toEqual([]);
    expect(complete).toBe(true);
    expect(states).toBeGreaterThan(100);
  });

  test("is found to be stuck where a core is deaf to the deaths of others", () => {
    const deaf: typeof step = (state, event) => (event.type === "down" ? { state, effects: [] } : step(state, event));
    const { violations } = explore({ options: small, step: deaf });
    expect(violations).toHaveLength(1);
    expect(violations[0]?.trace).toContain("crash");
  });
});
