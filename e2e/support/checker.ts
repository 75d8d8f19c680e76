/**
 * Looks through the log of a scenario for moments in which two peers acted as leader.
 *
 * @module
 */
import type { Token } from "gen-leader";
import type { Entry } from "./journal.js";

/** An act that a leader's token stands behind. */
interface Act {
  readonly tab: string;
  readonly type: "elected" | "surrendered" | "accepted";
  readonly cluster: string;
  readonly peer: string;
  readonly token: Token;
  readonly at: number;
}

export interface CheckOptions {
  /**
   * By how much the clocks of two processes may differ. They read one clock of the machine, but each relates it to the time of
   * day by itself.
   *
   * @default 2
   */
  readonly skewMs?: number;
}

/**
 * What is wrong in a log, in sentences; nothing if all is well. Within each cluster:
 *
 * 1. An epoch is won once, by the peer that its token names.
 * 2. Elections follow one another in the order of their epochs.
 * 3. No reply is accepted by a caller before the election, or after a later election, of the leader that gave it; unless the caller, another than that leader, was
 *    frozen when the later one came, and finds the reply among the first that it reads afterwards.
 * 4. In each tab, what is won and accepted is of ever later epochs, and so is what each peer follows. A new peer in a tab may
 *    be brought up to date with a tenure that came before one which a page of that tab had won, unheard by anybody.
 */
export function checkLog(entries: readonly Entry[], options: CheckOptions = {}): readonly string[] {
  const acts = entries.flatMap(({ tab, record }): readonly Act[] =>
    record.type === "elected" || record.type === "surrendered" || record.type === "accepted" ? [{ tab, ...record }] : [],
  );
  const clusters = groupBy(acts, ({ cluster }) => cluster);
  const freezes = findFreezes(entries);
  return [...clusters].flatMap(([cluster, own]) => checkCluster(own, freezes, options.skewMs ?? 2).map((text) => `${cluster}: ${text}`));
}

/** A time in which the page of a tab stood still. */
interface Freeze {
  readonly tab: string;
  readonly from: number;
  readonly to: number;
}

/** For how long after it a page reads what has reached it meanwhile. */
const readingMs = 1000;

function findFreezes(entries: readonly Entry[]): readonly Freeze[] {
  const begun = new Map<string, number>();
  const freezes: Freeze[] = [];
  for (const { tab, record } of entries) {
    if (record.type !== "page") continue;
    const from = begun.get(tab);
    if (record.event === "freeze") begun.set(tab, record.at);
    else if (record.event === "resume" && from !== undefined) freezes.push({ tab, from, to: record.at });
  }
  return freezes;
}

function checkCluster(acts: readonly Act[], freezes: readonly Freeze[], skewMs: number): readonly string[] {
  const elections = acts.filter(({ type }) => type === "elected").sort((a, b) => a.token.epoch - b.token.epoch);
  return [...checkElections(elections, skewMs), ...checkReplies(acts, elections, freezes, skewMs), ...checkTabs(acts)];
}

function checkElections(elections: readonly Act[], skewMs: number): readonly string[] {
  const violations: string[] = [];
  elections.forEach((act, index) => {
    if (act.token.leader !== act.peer) violations.push(`${act.peer} was elected under a token of another: ${print(act)}`);
    const before = elections[index - 1];
    if (before === undefined) return;
    if (before.token.epoch === act.token.epoch)
      violations.push(`epoch ${act.token.epoch} was won twice: ${print(before)} and ${print(act)}`);
    if (act.at < before.at - skewMs) violations.push(`an election came after one of a later epoch: ${print(before)} after ${print(act)}`);
  });
  return violations;
}

function checkReplies(acts: readonly Act[], elections: readonly Act[], freezes: readonly Freeze[], skewMs: number): readonly string[] {
  const violations: string[] = [];
  for (const reply of acts) {
    if (reply.type !== "accepted") continue;
    const own = elections.find(({ token }) => token.epoch === reply.token.epoch && token.leader === reply.token.leader);
    if (own === undefined) violations.push(`a reply of a leader was accepted that nobody saw elected: ${print(reply)}`);
    else if (own.at > reply.at + skewMs)
      violations.push(`a reply was accepted before its leader was elected: ${print(reply)} before ${print(own)}`);
    // What a leader said in its time, a caller that stood still hears when another has come. A worker runs again some milliseconds before
    // its page says so.
    const stoodStill = (at: number): boolean =>
      reply.peer !== reply.token.leader &&
      freezes.some(({ tab, from, to }) => tab === reply.tab && from <= at && at <= to && reply.at <= to + readingMs);
    const later = elections.find(({ token, at }) => token.epoch > reply.token.epoch && at < reply.at - skewMs && !stoodStill(at));
    if (later !== undefined)
      violations.push(`a reply of a leader was accepted although another led already: ${print(reply)} after ${print(later)}`);
  }
  return violations;
}

function checkTabs(acts: readonly Act[]): readonly string[] {
  const violations: string[] = [];
  for (const own of groupBy(acts, ({ tab }) => tab).values()) {
    own.forEach((act, index) => {
      const earlier = own.slice(0, index).filter(({ peer }) => act.type !== "surrendered" || peer === act.peer);
      const before = earlier.find(({ token }) => token.epoch > act.token.epoch);
      if (before !== undefined) violations.push(`an epoch went back in one tab: ${print(act)} after ${print(before)}`);
    });
  }
  return violations;
}

function print({ tab, type, peer, token, at }: Act): string {
  return `[${at.toFixed(1)} ${tab}] ${peer} ${type} (${token.epoch}, ${token.leader})`;
}

/** As `Map.groupBy`, which Node 20 lacks. */
function groupBy(acts: readonly Act[], keyOf: (act: Act) => string): ReadonlyMap<string, readonly Act[]> {
  const groups = new Map<string, Act[]>();
  for (const act of acts) {
    const group = groups.get(keyOf(act));
    if (group === undefined) groups.set(keyOf(act), [act]);
    else group.push(act);
  }
  return groups;
}
