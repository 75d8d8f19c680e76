/**
 * The users of the dictionary in the tabs of a scenario: each asks for one thing after another, and what came of it is in the log.
 *
 * @module
 */
import type { DictionaryRequest } from "@gen-leader/example-dictionary/model";
import { randomRequest } from "@gen-leader/example-dictionary/random-request";
import type { Operation, SeededRandom } from "@gen-leader/testing";
import { wallTime } from "../pages/src/records.js";
import { type ClockOffset, measureClock } from "./clock-offset.js";
import { type AskedCall, historyOf } from "./history.js";
import type { Stage } from "./stage.js";
import type { Tab } from "./tab.js";

/** How long a user waits for an answer: far beyond what anything takes, since only a fault reaches it. */
const patienceMs = 30_000;

export class Users {
  readonly #stage: Stage;
  readonly #random: SeededRandom;
  readonly #clocks = new Map<string, ClockOffset>();
  readonly #asked: AskedCall[] = [];
  readonly #busy: Promise<void>[] = [];
  /** Tabs that show another page for now. */
  readonly #away = new Set<Tab>();
  /** Calls that went with their page. */
  readonly #forgotten = new Set<string>();
  #keys: readonly string[] = [];
  #phase: "resting" | "asking" | "finishing" = "resting";
  /** Those who rest. */
  #waiting: (() => void)[] = [];

  constructor(stage: Stage, random: SeededRandom) {
    this.#stage = stage;
    this.#random = random;
  }

  /** Users ask, from now on, and about these keys. */
  begin(keys: readonly string[]): void {
    this.#keys = keys;
    this.#turnTo("asking");
  }

  /** No user makes another call after the one under way. */
  rest(): void {
    this.#turnTo("resting");
  }

  /** So many users begin to ask this tab's peer, unless all rest, until the tab is gone. */
  async join(tab: Tab, count: number): Promise<void> {
    this.#clocks.set(tab.name, await measureClock(tab.page));
    for (let user = 1; user <= count; user += 1) {
      const using = this.#use(tab);
      // Whoever lets them finish hears of it.
      using.catch(() => undefined);
      this.#busy.push(using);
    }
  }

  /** This tab will show another page: what becomes of the calls under way may never be told, and its users wait for it. */
  excuse(tab: Tab): void {
    this.#away.add(tab);
  }

  /** The tab shows its peer again: the page that was left, from the cache, or a new one, with a clock of its own, that knows nothing of the calls of the other. */
  async welcomeBack(tab: Tab, isSamePage: boolean): Promise<void> {
    if (!isSamePage) for (const { call } of this.#untold) if (call.startsWith(`${tab.name}/`)) this.#forgotten.add(call);
    this.#clocks.set(tab.name, widest(await measureClock(tab.page), this.#clocks.get(tab.name)));
    this.#away.delete(tab);
    this.#turnTo(this.#phase);
  }

  /** Waits for so many answers from now on. */
  async untilAnswered(count: number): Promise<void> {
    await this.#stage.journal.untilRecords(`${count} answers`, count, "returned", ({ end }) => end.type === "reply");
  }

  /**
   * Lets the users of all tabs finish, looks every key up once more through each tab that is left, or each through one of them where there are
   * many, and returns what was seen.
   */
  async finish(through: "each tab" | "one tab" = "each tab"): Promise<readonly Operation<DictionaryRequest, unknown>[]> {
    this.#turnTo("finishing");
    await Promise.all(this.#busy);
    const keys = [...new Set(this.#asked.map(({ request }) => request.key))];
    const { tabs } = this.#stage;
    const lookups = tabs.map(async (tab, number) => {
      const own = through === "each tab" ? keys : keys.filter((_, index) => index % tabs.length === number);
      for (const key of own) await this.#ask(tab, { type: "lookup", key });
    });
    await Promise.all(lookups);
    const { journal } = this.#stage;
    await journal.until("the end of every call to be told", () => (this.pending === 0 ? true : undefined));
    return historyOf(this.#asked, journal.entries, this.#clocks);
  }

  /** How many calls of pages that are there have not been told to have ended. */
  get pending(): number {
    return this.#untold.length;
  }

  get #untold(): readonly AskedCall[] {
    const told = new Set(this.#stage.journal.recordsOf("returned").map(({ record }) => record.call));
    const there = new Set(this.#stage.tabs.map(({ name }) => name));
    return this.#asked.filter(({ call, tab }) => there.has(tab) && !told.has(call) && !this.#forgotten.has(call));
  }

  /** How many calls have been answered that write. */
  get writes(): number {
    const writing = new Set(this.#asked.flatMap(({ call, request }) => (request.type === "lookup" ? [] : [call])));
    return this.#stage.journal.recordsOf("returned").filter(({ record }) => record.end.type === "reply" && writing.has(record.call)).length;
  }

  /** How many calls there were, and how well the clocks are known, for the person who reads the report. */
  get summary(): string {
    const ends = this.#stage.journal.recordsOf("returned").map(({ record }) => record.end);
    const answered = ends.filter(({ type }) => type === "reply").length;
    const errors = [...this.#clocks.values()].map(({ leastMs, mostMs }) => (mostMs - leastMs) / 2);
    const refused = ends.length - answered;
    return `${this.#asked.length} calls, ${answered} answered, ${refused} refused, ${this.#asked.length - ends.length} left open; clocks known to ${Math.max(...errors).toFixed(1)} ms`;
  }

  #turnTo(phase: "resting" | "asking" | "finishing"): void {
    this.#phase = phase;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }

  async #use(tab: Tab): Promise<void> {
    while (this.#phase !== "finishing" && this.#isThere(tab)) {
      if (this.#phase === "asking" && !this.#away.has(tab))
        await this.#ask(tab, randomRequest(this.#random, `value-${this.#asked.length}`, this.#keys));
      else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  /** Returns when the call has ended, or the tab. */
  async #ask(tab: Tab, request: DictionaryRequest): Promise<void> {
    const call = `${tab.name}/${this.#asked.length}`;
    this.#asked.push({ call, tab: tab.name, request, at: wallTime() });
    try {
      await tab.invoke("ask", call, request, { timeoutMs: patienceMs });
    } catch (error) {
      if (this.#isThere(tab) && !this.#away.has(tab)) throw error;
    }
  }

  #isThere(tab: Tab): boolean {
    return this.#stage.tabs.includes(tab);
  }
}

/** What a clock may be ahead by that was measured twice, of which nobody knows which measurement a time belongs to. */
function widest(one: ClockOffset, other: ClockOffset = one): ClockOffset {
  return { leastMs: Math.min(one.leastMs, other.leastMs), mostMs: Math.max(one.mostMs, other.mostMs) };
}
