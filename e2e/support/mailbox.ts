/**
 * Where pages post what they tell, where the driver has no way for a page to tell anything: a server of this process, which
 * pages reach with requests that arrive whatever becomes of the page, but not always in order.
 *
 * @module
 */
import { createServer, type IncomingMessage } from "node:http";
import type { Report } from "../pages/src/records.js";

/** The box of one tab. */
export interface Box {
  /** Where its pages post to. */
  readonly url: string;
  /** Hands out what has arrived although something before it has not: a page that died will not send it any more. */
  flush(): void;
  remove(): void;
}

export interface Mailbox {
  /** Opens the box of one more tab. What its pages post is told in the order in which each page posted it. */
  open(told: (message: string) => void): Box;
  close(): Promise<void>;
}

/** What has arrived from one page. */
interface Letters {
  /** The number of the next that is told. */
  next: number;
  readonly waiting: Map<number, string>;
}

/** Puts the messages of each page of a tab into the order of their numbers. */
function createSorter(told: (message: string) => void) {
  const pages = new Map<string, Letters>();
  const hand = (letters: Letters): void => {
    for (let message = letters.waiting.get(letters.next); message !== undefined; message = letters.waiting.get(letters.next)) {
      letters.waiting.delete(letters.next);
      letters.next += 1;
      told(message);
    }
  };
  return {
    take(letter: string): void {
      const reports: readonly Report[] = JSON.parse(letter);
      for (const report of reports) {
        const letters = pages.get(report.page) ?? { next: 1, waiting: new Map() };
        pages.set(report.page, letters);
        if (report.number < letters.next) continue;
        letters.waiting.set(report.number, JSON.stringify(report));
        hand(letters);
      }
    },
    flush(): void {
      for (const letters of pages.values()) {
        for (const number of [...letters.waiting.keys()].sort((a, b) => a - b)) {
          letters.next = number;
          hand(letters);
        }
      }
    },
  };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString("utf8");
}

/** Opens a mailbox on this machine. */
export async function openMailbox(): Promise<Mailbox> {
  const boxes = new Map<string, ReturnType<typeof createSorter>>();
  let opened = 0;
  const server = createServer((request, response) => {
    readBody(request)
      .then((letter) => {
        boxes.get(request.url ?? "")?.take(letter);
        response.writeHead(204).end();
      })
      .catch(
        // A page that went away in the middle of a message.
        () => response.destroy(),
      );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The mailbox listens on no port.");
  return {
    open(told) {
      opened += 1;
      const path = `/tab-${opened}`;
      const sorter = createSorter(told);
      boxes.set(path, sorter);
      return { url: `http://127.0.0.1:${address.port}${path}`, flush: sorter.flush, remove: () => void boxes.delete(path) };
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Where the page at this address posts what it tells, if it posts that. */
export function boxOf(url: string): string | null {
  return URL.canParse(url) ? new URL(url).searchParams.get("postbox") : null;
}

/** The address of a page that posts what it tells to this box. */
export function withPostbox(url: string, box: Box): string {
  const address = new URL(url);
  address.searchParams.set("postbox", box.url);
  return address.href;
}
