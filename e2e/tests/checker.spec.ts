/**
 * The checker of the log must find what is wrong in it: each rule is broken once, in a forged log.
 */
import { expect, test } from "@playwright/test";
import type { Token } from "gen-leader";
import type { PageEvent } from "../pages/src/records.js";
import { checkLog } from "../support/checker.js";
import type { Entry } from "../support/journal.js";

const first: Token = { epoch: 7, leader: "a#1" };
const second: Token = { epoch: 8, leader: "b#2" };
const cluster = "forged";

const elected = (tab: string, token: Token, at: number, peer = token.leader): Entry => ({
  tab,
  record: { type: "elected", cluster, peer, token, at },
});
const surrendered = (tab: string, token: Token, at: number): Entry => ({
  tab,
  record: { type: "surrendered", cluster, peer: "c#3", token, deposed: false, version: 1, at },
});
const accepted = (tab: string, token: Token, at: number, own = cluster): Entry => ({
  tab,
  record: { type: "accepted", cluster: own, peer: "c#3", token, at },
});

/** Two tenures, one after the other, as they should be. */
const sound: readonly Entry[] = [
  elected("tab-1", first, 100),
  surrendered("tab-3", first, 101),
  accepted("tab-3", first, 102),
  accepted("tab-1", first, 150),
  elected("tab-2", second, 200),
  surrendered("tab-3", second, 201),
  accepted("tab-3", second, 202),
];

test("the checker has nothing to say of a sound log", () => {
  expect(checkLog(sound)).toEqual([]);
});

test("the checker finds a reply of a leader that another has followed, in any tab", () => {
  expect(checkLog([...sound, accepted("tab-1", first, 205)])).toEqual([expect.stringContaining("although another led already")]);
});

test("the checker lets a reply pass that has waited for a frozen caller, and no other", () => {
  const page = (event: PageEvent, at: number): Entry => ({ tab: "tab-1", record: { type: "page", event, persisted: false, at } });
  const frozen = [page("freeze", 190), page("resume", 900)];
  for (const at of [897, 905]) expect(checkLog([...sound, ...frozen, accepted("tab-1", first, at)])).toEqual([]);
  for (const act of [accepted("tab-1", first, 1905), accepted("tab-3", first, 905)])
    expect(checkLog([...sound, ...frozen, act]).length).toBeGreaterThan(0);
  const late = [page("freeze", 210), page("resume", 900)];
  expect(checkLog([...sound, ...late, accepted("tab-1", first, 905)])).toHaveLength(1);
  const own: Entry = { tab: "tab-1", record: { type: "accepted", cluster, peer: first.leader, token: first, at: 905 } };
  expect(checkLog([...sound, ...frozen, own])).toHaveLength(1);
});

test("the checker lets a reply pass that the clocks cannot tell from a timely one", () => {
  expect(checkLog([...sound, accepted("tab-1", first, 201)])).toEqual([]);
  expect(checkLog([...sound, accepted("tab-1", first, 201)], { skewMs: 0 })).toHaveLength(1);
});

test("the checker finds a reply of a leader that was never elected", () => {
  expect(checkLog([...sound, accepted("tab-4", { epoch: 9, leader: "d#4" }, 300)])).toEqual([
    expect.stringContaining("nobody saw elected"),
  ]);
});

test("the checker finds a reply that came before the election of its leader", () => {
  expect(checkLog([elected("tab-1", first, 100), accepted("tab-3", first, 90)])).toEqual([
    expect.stringContaining("before its leader was elected"),
  ]);
});

test("the checker finds an epoch that was won twice", () => {
  const violations = checkLog([...sound, elected("tab-4", { epoch: 8, leader: "d#4" }, 203)]);
  expect(violations).toEqual([expect.stringContaining("won twice")]);
  expect(checkLog([...sound, elected("tab-2", second, 203)])).toEqual([expect.stringContaining("won twice")]);
});

test("the checker finds an election after one of a later epoch", () => {
  expect(checkLog([elected("tab-2", second, 100), elected("tab-1", first, 200)])).toEqual([
    expect.stringContaining("came after one of a later epoch"),
  ]);
});

test("the checker finds a peer that is elected under the token of another", () => {
  expect(checkLog([elected("tab-1", first, 100, "x#9")])).toEqual([expect.stringContaining("token of another")]);
});

test("the checker finds an epoch that goes back in one tab", () => {
  const behind = checkLog([...sound, surrendered("tab-3", first, 203)]);
  expect(behind).toEqual([expect.stringContaining("went back in one tab")]);
});

test("the checker keeps clusters apart", () => {
  const other = elected("tab-1", { epoch: 3, leader: "a#1" }, 500);
  const apart: Entry = {
    tab: other.tab,
    record: { ...other.record, type: "elected", cluster: "other", peer: "a#1", token: { epoch: 3, leader: "a#1" } },
  };
  expect(checkLog([...sound, apart, accepted("tab-1", { epoch: 3, leader: "a#1" }, 501, "other")])).toEqual([]);
});
