import { expect, test } from "vitest";
import { type Config, initialState, type PeerId } from "../src/index.js";
import { blank } from "../src/token.js";
import { candidate, config, leading, said, spoken, take } from "./one-peer.js";

const fenceless: Config = { ...config, fenced: false };

/** A peer that stands for election without a fence, and waits for `b#2`, which is silent. */
function contending(self: PeerId) {
  const opened = { type: "opened", self, census: [self], holder: null, wall: 1000, now: 1000 } as const;
  const join = said("b#2", { type: "join", member: candidate("b#2"), position: blank, highestEpoch: 0, lists: "" }, 1000);
  const worker = { ...fenceless, role: "worker" } as const;
  const waiting = take(initialState(worker, self), [opened, join]).state;
  return take({ ...waiting, config: fenceless }, [{ type: "timeout", now: 2000 }]).state;
}

test("without a fence, a leader shows its tenure to whoever announces an earlier one", () => {
  const state = leading("a#1", fenceless);
  const announce = { campaign: { epoch: 10, leader: "z#9" }, token: { epoch: 10, leader: "z#9" }, members: [candidate("z#9")] } as const;
  const { effects } = take(state, [said("z#9", { type: "announce", ...announce, sync: null, root: null, ancestry: [] }, 1001)]);
  expect(spoken(effects)).toEqual(["digest to z#9"]);
});

test("without a fence, a contender that hears of a leader under a larger token joins it", () => {
  const state = contending("a#1");
  expect(state.phase.type).toBe("contending");
  const digest = said("l#5", { type: "digest", token: { epoch: 9000, leader: "l#5" }, sequence: 3 }, 2001);
  const { effects, state: after } = take(state, [digest]);
  expect(spoken(effects)).toEqual(["withdraw", "join to l#5"]);
  expect(after.phase.type).toBe("joining");
});
