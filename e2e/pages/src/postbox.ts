/**
 * How a page tells the test what it saw where the browser has no binding for that: it posts it to a server of the test.
 *
 * @module
 */
import type { Report } from "./records.js";

export interface Postbox {
  /** Posts a report soon, together with others if one is under way. */
  post(report: Report): void;
  /** Posts at once all that was not, for this page will stand still or go away; it arrives all the same. */
  flush(): void;
}

export function createPostbox(url: string): Postbox {
  let waiting: readonly Report[] = [];
  let underWay: readonly Report[] = [];

  async function postAll(): Promise<void> {
    while (waiting.length > 0) {
      underWay = waiting;
      waiting = [];
      try {
        await fetch(url, { method: "POST", mode: "no-cors", body: JSON.stringify(underWay) });
      } catch {
        // The page is being left, or was meanwhile: with the next report this one is posted again.
        waiting = [...underWay, ...waiting];
        break;
      } finally {
        underWay = [];
      }
    }
  }

  return {
    post(report) {
      waiting = [...waiting, report];
      if (underWay.length === 0) void postAll();
    },
    flush() {
      // What is under way may not get there any more. The test counts nothing twice.
      const letter = [...underWay, ...waiting];
      if (letter.length === 0) return;
      // There may be more under way than browsers allow; then it goes with the next.
      if (navigator.sendBeacon(url, JSON.stringify(letter))) waiting = [];
    },
  };
}
