/**
 * A peer under test in the test's own realm.
 *
 * @module
 */
import type { Medium, PeerId } from "@gen-leader/protocol";
import type { PortEvent } from "./commands.js";
import { createPortAgent } from "./port-agent.js";
import type { PeerRealm } from "./stage.js";

/** Runs a peer here. `die` makes it look dead to the others, as the medium's own tests do. */
export function createLocalRealm(medium: Medium, id: PeerId, report: (event: PortEvent) => void, die: (self: PeerId) => void): PeerRealm {
  const agent = createPortAgent(medium, id, report);
  return {
    run: (command) => agent.run(command),
    die: () => Promise.resolve(die(agent.self)),
    async end() {
      for (const port of ["fence", "failureDetector", "transport"] as const)
        if (port !== "fence" || medium.fence !== null) await agent.run({ type: "close", port });
    },
  };
}
