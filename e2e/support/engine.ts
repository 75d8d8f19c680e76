/**
 * The engines that scenarios run in, and what each of them cannot do, with the reason that the report gives.
 *
 * @module
 */

export const engines = ["chromium", "firefox", "webkit"] as const;

export type Engine = (typeof engines)[number];

/**
 * What some scenarios need, and not every engine has:
 *
 * - `locators`: the playground is driven through Playwright's locators.
 * - `cached locks`: pages that have asked for a Web Lock are kept in the back/forward cache.
 * - `third-party locks`: a frame in a page of another site has Web Locks, in storage of its own.
 * - `denied third-party locks`: such a frame is denied them; in Chromium in private windows, which those of the ordinary scenarios are to it.
 * - `freeze`: pages are frozen, and told so.
 * - `discard`: pages of hidden tabs are thrown away, and loaded anew when they are shown.
 * - `intensive throttling`: pages that have been hidden for long have their timers run once a minute.
 * - `blocking alert`: a page that shows an alert does nothing until that is dismissed.
 * - `independent workers`: a dedicated worker goes on while its page hangs.
 * - `cached workers let go`: a worker whose page is in the back/forward cache loses its locks when another page looks at them.
 * - `lasting shared workers`: a shared worker goes on when the page that started it is closed, as long as others use it.
 * - `insecure address`: a page may come from an address that is not trusted, where there are no Web Locks.
 */
export const abilities = [
  "locators",
  "cached locks",
  "third-party locks",
  "denied third-party locks",
  "freeze",
  "discard",
  "intensive throttling",
  "blocking alert",
  "independent workers",
  "cached workers let go",
  "lasting shared workers",
  "insecure address",
] as const;

export type Ability = (typeof abilities)[number];

const lacking: Readonly<Record<Engine, Readonly<Partial<Record<Ability, string>>>>> = {
  chromium: {},
  firefox: {
    locators: "The playground is read through Playwright, whose driver for a distribution's Firefox works in some of its releases only.",
    "cached locks": "Firefox keeps no page in its back/forward cache that has asked for a Web Lock.",
    "cached workers let go": "Firefox keeps no page in its back/forward cache whose worker has asked for a Web Lock.",
    "third-party locks":
      "Firefox lets no frame in a page of another site look at its locks: start rejects with UnsupportedRuntimeError there.",
    freeze: "Firefox freezes no pages.",
    "blocking alert": "In Firefox a page that shows an alert goes on handling messages, and leads.",
    "intensive throttling": "Firefox has no intensive throttling: timers of hidden pages were seen to run once a second.",
  },
  webkit: {
    locators: "The playground is read through Playwright, which has no driver for WebKitGTK.",
    "denied third-party locks": "WebKit denies a frame in a page of another site nothing: it has storage of its own.",
    freeze: "WebKitGTK freezes no pages.",
    discard: "WebKitGTK throws no pages away.",
    "independent workers":
      "In WebKit a worker's channels and locks pass through the thread of its page: if that hangs, so does the worker, and is replaced.",
    "cached workers let go":
      "WebKit keeps the locks of a worker whose page is in the cache, whoever looks: a leader there is replaced when a call waits for it.",
    "lasting shared workers":
      "WebKit ends a shared worker with the page that started it, and begins it anew for the others, with nothing in it: its peer is gone.",
    "intensive throttling": "WebKitGTK has no intensive throttling: timers of hidden pages were seen to run once a second.",
    "insecure address":
      "The tests serve their pages on this machine's own address alone, which WebKitGTK trusts, and it cannot be told of another name for it.",
  },
};

/** Why an engine cannot do something, or undefined if it can. */
export function whyUnable(engine: Engine, ability: Ability): string | undefined {
  return lacking[engine][ability];
}

/** Whether the pages under test, which have asked for Web Locks, come back from the back/forward cache; else they are loaded anew. */
export function cachesPages(): boolean {
  return whyUnable(engineUnderTest(), "cached locks") === undefined;
}

/** Tells the processes of the tests which engine they run in. */
export const engineVariable = "GEN_LEADER_ENGINE";

/** The engine under test, as the command has set it. */
export function engineUnderTest(): Engine {
  const name = process.env[engineVariable] ?? "chromium";
  if (!isEngine(name)) throw new Error(`${engineVariable} names ${name}, which is none of ${engines.join(", ")}.`);
  return name;
}

/**
 * By how much a page's clock may be wrong by itself, in milliseconds: browsers round what it began with and what it has counted since, up or
 * down. WebKit rounds both to milliseconds.
 */
export const clockStepMs: Readonly<Record<Engine, number>> = { chromium: 0.1, firefox: 0.1, webkit: 2 };

export function isEngine(text: string): text is Engine {
  return engines.some((engine) => engine === text);
}
