/**
 * One round of the demo: a follower writes, the leader's thread is killed with calls in flight, another takes
 * over, and every peer is asked for every write that was acknowledged.
 *
 * @module
 */
import type { Token } from "gen-leader";
import { nowMs } from "./clock.js";
import type { Cluster } from "./cluster.js";
import type { Journal } from "./journal.js";
import type { PeerThread, ReportOf } from "./peer-thread.js";

/** How many writes are under way at most. */
export const callsInFlight = 4;
/** How many writes are acknowledged before the leader is killed, and how many after. */
const writesBeforeKill = 200;
const writesAfterKill = 100;

/** What came of one round. */
export interface RoundResult {
  readonly writer: string;
  readonly killed: string;
  readonly elected: string;
  readonly token: Token;
  /** From the call of `terminate()` to the first statement of `elected` in the successor. */
  readonly failoverMs: number;
  /** From the call of `terminate()` until every survivor follows. */
  readonly agreedMs: number;
  /** From the call of `terminate()` to the first acknowledgement by the successor. */
  readonly firstWriteMs: number;
  /** Calls that the leader's death cut short: nothing is promised of them but that `notStarted` had no effect. */
  readonly refused: { readonly notStarted: number; readonly unknown: number };
  readonly survivors: readonly string[];
  readonly newcomer: string;
}

/** Starts the servers of threads whose code is loaded and waits until all agree on a leader. Returns him, and the time from the signal to `elected` and to the agreement. */
export async function startAll(cluster: Cluster): Promise<{ leader: PeerThread; token: Token; electedMs: number; agreedMs: number }> {
  await cluster.until("the threads to load", () => cluster.threads.every((thread) => thread.last("ready") !== undefined));
  const startedAtMs = nowMs();
  for (const thread of cluster.threads) thread.tell({ type: "start", peer: thread.name });
  const leader = await cluster.until("the first election", cluster.agreedLeader);
  const agreedMs = latestStatusMs(cluster) - startedAtMs;
  const elected = await cluster.until("elected", () => leader.last("elected"));
  return { leader, token: elected.token, electedMs: elected.atMs - startedAtMs, agreedMs };
}

/** Plays one round. What was acknowledged, refused and read goes into the journal as it is reported. */
export async function playRound(cluster: Cluster, journal: Journal, round: number): Promise<RoundResult> {
  const leader = await cluster.until("agreement on a leader", cluster.agreedLeader);
  const followers = cluster.threads.filter((thread) => thread !== leader);
  const writer = followers[round % followers.length];
  if (writer === undefined) throw new Error("A round needs a follower.");

  const writes = journal.open(`round-${round}`);
  writer.tell({ type: "write", key: writes.key, inFlight: callsInFlight }, "settled");
  await cluster.until(`${writesBeforeKill} acknowledged writes`, () => writes.acknowledged.size >= writesBeforeKill);

  const acknowledgedBefore = writes.acknowledged.size;
  const killedAtMs = nowMs();
  cluster.kill(leader);

  const successor = await cluster.until("a new leader", cluster.agreedLeader);
  const agreedMs = latestStatusMs(cluster) - killedAtMs;
  const elected = await cluster.until("the election of the new leader", () => electedAfter(successor, killedAtMs));
  await cluster.until(
    `${writesAfterKill} writes acknowledged by the new leader`,
    () => writes.acknowledged.size >= acknowledgedBefore + writesAfterKill,
  );
  writer.tell({ type: "rest" });
  await cluster.until("the last write to settle", () => writer.last("settled"));
  const survivors = cluster.threads;
  await readAll(cluster, journal, survivors);

  const newcomer = cluster.spawn();
  await cluster.until("the new thread to load", () => newcomer.last("ready"));
  newcomer.tell({ type: "start", peer: newcomer.name });
  await cluster.until("the new thread to follow", cluster.agreedLeader);
  await readAll(cluster, journal, [newcomer]);

  return {
    writer: writer.name,
    killed: leader.name,
    elected: successor.name,
    token: elected.token,
    failoverMs: elected.atMs - killedAtMs,
    agreedMs,
    firstWriteMs: (writes.firstAcknowledgedAfter(elected.atMs) ?? Number.NaN) - killedAtMs,
    refused: writes.refused,
    survivors: survivors.map((thread) => thread.name),
    newcomer: newcomer.name,
  };
}

/** Has each thread hand in its own copy of the dictionary and enters into the journal what it lacks. */
async function readAll(cluster: Cluster, journal: Journal, threads: readonly PeerThread[]): Promise<void> {
  for (const thread of threads) thread.tell({ type: "read" }, "read");
  for (const thread of threads) {
    const { entries } = await cluster.until(`the dictionary of ${thread.name}`, () => thread.last("read"));
    journal.compare(thread.name, new Map(entries));
  }
}

function electedAfter(thread: PeerThread, timeMs: number): ReportOf<"elected"> | undefined {
  const elected = thread.last("elected");
  return elected !== undefined && elected.atMs > timeMs ? elected : undefined;
}

function latestStatusMs(cluster: Cluster): number {
  return Math.max(...cluster.threads.map((thread) => thread.last("status")?.atMs ?? 0));
}
