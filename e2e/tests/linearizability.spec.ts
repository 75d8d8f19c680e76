/**
 * The dictionary of real tabs as its users see it: whatever becomes of the leaders, their calls can be put in one order.
 */
import { forgeHistories } from "@gen-leader/example-dictionary/forged-histories";
import { type DictionaryRequest, dictionaryModel } from "@gen-leader/example-dictionary/model";
import { checkLinearizability, createRandom } from "@gen-leader/testing";
import type { CallEnd } from "../pages/src/records.js";
import { historyOf } from "../support/history.js";
import type { Entry } from "../support/journal.js";
import type { Agreement, Stage } from "../support/stage.js";
import { expect, test } from "../support/test.js";
import { Users } from "../support/users.js";

const usersPerTab = 2;
/** How many answers come before each end of a leader, and how many after it. */
const answersBefore = 60;
const answersAfter = 30;
/** What becomes of one leader after another. */
const ends = ["close", "hand-over", "kill", "close", "kill", "hand-over"] as const;

/**
 * The keys around one end. Each lives through three of them at most: a call that was cut short may take effect as long as its key
 * is written, and a search among many of those takes too long.
 */
const keysOf = (round: number): readonly string[] => [0, 1, 2, 3, 4, 5].map((index) => `key-${2 * round + index}`);

/** Ends the tenure of the leader. Returns when another leads. */
async function endTenure(stage: Stage, { leader, followers, token }: Agreement, end: (typeof ends)[number]): Promise<void> {
  const ended =
    end === "close"
      ? stage.close(leader).done
      : end === "kill"
        ? stage.kill(leader)
        : leader.invoke("stepDown", followers[0]?.status?.self ?? null);
  await stage.untilSucceeded(token);
  await ended;
}

test("calls of ten users of five tabs are linearizable, while leaders are closed, killed and hand over", async ({ stage }, info) => {
  const users = new Users(stage, createRandom(1));
  const tabs = await stage.openMany(5);
  await Promise.all(tabs.map((tab) => users.join(tab, usersPerTab)));
  for (const [round, end] of ends.entries()) {
    const agreement = await stage.untilAgreed();
    users.begin(keysOf(round));
    await users.untilAnswered(answersBefore);
    await endTenure(stage, agreement, end);
    await users.untilAnswered(answersAfter);
    users.rest();
    if (end !== "hand-over") await users.join(await stage.open(), usersPerTab);
  }
  const history = await users.finish();
  info.annotations.push({ type: "history", description: users.summary });
  expect(history.length).toBeGreaterThan((answersBefore + answersAfter) * ends.length);
  expect(checkLinearizability(dictionaryModel, history)).toEqual({ type: "linearizable" });

  const forged = forgeHistories(history, 40);
  expect(forged.length, "The same history with one lie in it is not").toBeGreaterThan(40);
  for (const { what, history: lie } of forged) expect(checkLinearizability(dictionaryModel, lie).type, what).toBe("violation");
});

/** What a tab told of two calls, on a clock that is ahead of the test's by 100 ms, give or take one. */
const clocks = new Map([["tab-1", { leastMs: 99, mostMs: 101 }]]);
const request: DictionaryRequest = { type: "store", key: "colour", value: "green" };
const asked = { call: "first", tab: "tab-1", request, at: 9 };
const about = { cluster: "forged", peer: "a#1", call: "first" } as const;
const called: Entry = { tab: "tab-1", record: { ...about, type: "called", request, at: 110 } };
const returned = (end: CallEnd): Entry => ({ tab: "tab-1", record: { ...about, type: "returned", end, at: 120 } });
const refused = (outcome: string) => returned({ type: "error", code: "leader-died", outcome, message: "died" });

test("a history holds what was answered, between times that are too far apart rather than too near", () => {
  const [call] = historyOf([asked], [called, returned({ type: "reply", value: undefined, epoch: 1 })], clocks);
  expect(call).toMatchObject({ client: "first", input: request, returned: { output: undefined } });
  expect(call?.calledAt).toBeLessThan(9);
  expect(call?.returned?.at).toBeGreaterThan(21);
});

test("a history holds what nobody knows the end of, from when it may have begun", () => {
  const [open] = historyOf([asked], [called], clocks);
  expect(open).toMatchObject({ client: "first", returned: null });
  expect(open?.calledAt).toBeLessThan(9);
  expect(historyOf([asked], [], clocks), "Not even its beginning was told").toEqual([
    { client: "first", input: request, calledAt: 9, returned: null },
  ]);
  expect(historyOf([asked], [called, refused("unknown")], clocks)).toEqual([open]);
});

test("a history leaves out what had not started", () => {
  expect(historyOf([asked], [called, refused("not-started")], clocks)).toEqual([]);
});
