/**
 * The last commits that a peer has got, for whoever lacks only those.
 *
 * @module
 */
import type { StoreLimits } from "./limits.js";
import type { Commit } from "./replica.js";
import { weigh } from "./weight.js";

export interface RecentCommits {
  /** A commit, after which there is none: what stood there, or cannot come before it, is forgotten. */
  add(commit: Commit): void;
  /** Nothing is remembered. */
  clear(): void;
  /** There is none after this position. */
  cut(position: number): void;
  /** All after a position, of a peer that is at `last`; `null` if they are not remembered. */
  after(position: number, last: number): readonly Commit[] | null;
  /** So many of the last of a peer that is at `last`, or fewer. */
  last(count: number, last: number): readonly Commit[];
}

/** Of which as many are remembered as the limits allow, or twice as many. */
export function createRecentCommits({ recent, recentWeight }: Pick<StoreLimits, "recent" | "recentWeight">): RecentCommits {
  let commits: Commit[] = [];
  /** Of all that were added since the oldest were forgotten. */
  let weight = 0;

  function cut(position: number): void {
    while ((commits.at(-1)?.position ?? 0) > position) commits.pop();
  }

  return {
    add(commit) {
      cut(commit.position - 1);
      if (commits.at(-1)?.position !== commit.position - 1) commits = [];
      commits.push(commit);
      weight += weigh(commit, recentWeight);
      if (commits.length <= 2 * recent && weight <= 2 * recentWeight) return;
      // Seldom, and many at once.
      const kept = Math.min(recent, Math.floor(commits.length / 2));
      commits = kept === 0 ? [] : commits.slice(-kept);
      weight = weigh(commits);
    },
    clear() {
      commits = [];
    },
    cut,
    after(position, last) {
      if (position === last) return [];
      const [first] = commits;
      if (first === undefined || commits.at(-1)?.position !== last || position + 1 < first.position) return null;
      return commits.slice(position + 1 - first.position);
    },
    last: (count, last) => (commits.at(-1)?.position === last ? commits.slice(-count) : []),
  };
}
