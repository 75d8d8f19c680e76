/**
 * What a scenario needs of a browser. Each driver in `browsers/` provides it for one: Playwright's Chromium, which keeps every page awake and
 * visible, and the three engines as their users have them.
 *
 * @module
 */
import { engineVariables } from "@gen-leader/tools/browsers";
import type { Engine } from "./engine.js";

/** One tab. */
export interface PageDriver {
  /** Runs a function in the page, with an argument that can be written as JSON. Rejects when the page goes away meanwhile. */
  evaluate<Argument, Result>(run: (argument: Argument) => Result | Promise<Result>, argument: Argument): Promise<Result>;
  /** Loads a page and waits until it is there. */
  goto(url: string): Promise<void>;
  reload(): Promise<void>;
  close(): Promise<void>;
  /** Makes this the tab that a person sees. Playwright's pages are all visible all the time. */
  bringToFront(): Promise<void>;
  /** Has the page show an alert, which stops its thread. Resolves, when it is shown, with what dismisses it. */
  alert(): Promise<() => Promise<void>>;
  /** What the devtools do to suspend a page, and to wake it up. */
  setLifecycle(state: "frozen" | "active"): Promise<void>;
  /** Has the browser throw the page of a hidden tab away, as it does for want of memory. Brought to the front, the tab loads it anew. */
  discard(): Promise<{ readonly at: number }>;
  /** Why the browser would not freeze this page now, in its own words. */
  freezingObstacles(): Promise<readonly string[]>;
}

/** What a tab tells of itself. */
export interface PageListener {
  /** The page has passed a message to the global function that it was given; in order, whatever becomes of the page afterwards. */
  readonly told: (message: string) => void;
  /** The page's process has died. */
  readonly crashed: () => void;
  /** A person went back to a page that the browser had not kept, for these reasons. Playwright's browser keeps none, and says nothing. */
  readonly notCached: (reasons: string) => void;
}

/** What else is asked of a tab. */
export interface TabWishes {
  /** It opens in the private window, the same for all such tabs. */
  readonly isPrivate?: boolean;
  /**
   * It is heard and not driven: nothing is evaluated in it. Chromium throws no page away that the devtools look into. What its pages tell
   * comes through their postbox.
   */
  readonly isUndriven?: boolean;
}

/** One running browser, with a profile of its own. */
export interface BrowserDriver {
  readonly name: "playwright-chromium" | "stock-chromium" | "stock-firefox" | "stock-webkit";
  /** What runs: `Chrome/156.0.8078.79`. */
  readonly version: string;
  /** Opens a tab, in whose pages `binding` is a global function that takes a message. */
  open(binding: string, listener: PageListener, wishes?: TabWishes): Promise<PageDriver>;
  /** The processes in which these pages run now, in the order of the pages. */
  processes(pages: readonly PageDriver[]): Promise<readonly number[]>;
  close(): Promise<void>;
}

/** A name of this machine that browsers do not trust as they do its address: pages from there are in no secure context. */
export const insecureHost = "insecure.test";

/** Switches that change nothing of how pages behave: no sandbox, since tests may run as root, and no talk to the network. */
export const chromiumSwitches = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--no-default-browser-check",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  `--host-resolver-rules=MAP ${insecureHost} 127.0.0.1`,
];

/** A call of `run`, as text to be evaluated in a page. */
export function expressionOf<Argument, Result>(run: (argument: Argument) => Result, argument: Argument): string {
  return `(${run.toString()})(${JSON.stringify(argument) ?? "undefined"})`;
}

/** To be run in a page: shows an alert, after this call has returned. */
export function alertSoon(): void {
  setTimeout(() => alert("Whoever leads must answer this first."));
}

/** The path of the browser under test, which the command has found. */
export function enginePath(engine: Engine): string {
  const variable = engineVariables[engine];
  const path = process.env[variable];
  if (path === undefined) throw new Error(`${variable} is not set. Run the tests with \`npm run e2e\`.`);
  return path;
}
