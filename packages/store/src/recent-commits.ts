/**
 * The last commits that a peer has got, for whoever lacks only those.
 *
 * @module
 */
import type { Commit } from "./replica.js";

export interface RecentCommits {
  /** A commit, after which there is none: what stood there, or cannot come before it, is forgotten. */
  add(commit: Commit): void;
  /** There is none after this position. */
  cut(position: number): void;
  /** All after a position, of a peer that is at `last`; `null` if they are not remembered. */
  after(position: number, last: number): readonly Commit[] | null;
  /** So many of the last of a peer that is at `last`, or fewer. */
  last(count: number, last: number): readonly Commit[];
}

/** Of which `limit` are remembered. */
export function createRecentCommits(limit: number): RecentCommits {
  let commits: Commit[] = [];

  function cut(position: number): void {
    while ((commits.at(-1)?.position ?? 0) > position) commits.pop();
  }

  return {
    add(commit) {
      cut(commit.position - 1);
      if (commits.at(-1)?.position !== commit.position - 1) commits = [];
      commits.push(commit);
      // Seldom, and many at once.
      if (commits.length > 2 * limit) commits = commits.slice(-limit);
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
