/**
 * The last commits that a peer has got, for whoever lacks only those.
 *
 * @module
 */
import type { Commit } from "./replica.js";

/** How many are remembered. */
const recentLimit = 1024;

export interface RecentCommits {
  /** The next commit; the first of another history ends what was remembered. */
  add(commit: Commit): void;
  /** All after a position up to the last; `null` if they are not remembered. */
  after(position: number): readonly Commit[] | null;
  clear(): void;
}

export function createRecentCommits(): RecentCommits {
  let commits: Commit[] = [];
  return {
    add(commit) {
      commits.push(commit);
      // Seldom, and many at once.
      if (commits.length > 2 * recentLimit) commits = commits.slice(-recentLimit);
    },
    after(position) {
      const first = commits.at(0)?.position ?? Infinity;
      return position + 1 >= first ? commits.slice(position + 1 - first) : null;
    },
    clear() {
      commits = [];
    },
  };
}
