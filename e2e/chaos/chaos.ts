/**
 * One run: tabs to which things happen while their users write and read, and what is found afterwards.
 *
 * @module
 */
import { type DictionaryRequest, dictionaryModel } from "@gen-leader/example-dictionary/model";
import { checkLinearizability, createRandom, type LinearizabilityResult } from "@gen-leader/testing";
import { wallTime } from "../pages/src/records.js";
import { checkLog } from "../support/checker.js";
import { type Engine, whyUnable } from "../support/engine.js";
import type { Stage } from "../support/stage.js";
import type { Tab, TabOptions } from "../support/tab.js";
import { Users } from "../support/users.js";
import { within } from "../support/within.js";
import { drawStep, type Happening, type Step } from "./schedule.js";

/** What a run came to. */
export interface ChaosResult {
  readonly kills: number;
  readonly closes: number;
  readonly freezes: number;
  readonly navigations: number;
  readonly hangs: number;
  readonly handOvers: number;
  readonly elections: number;
  /** Calls that write, and were answered. */
  readonly writes: number;
  /** Answered writes that nobody has any more. */
  readonly lost: number;
  /** Signs in the log of two that acted as leader. */
  readonly twoLeaders: number;
  /** Calls of tabs that are still there, of whose end nothing was told. */
  readonly pending: number;
  /** Locks of peers that are gone. */
  readonly leakedLocks: number;
  readonly linearizable: boolean;
}

/** What goes on in a tab until somebody ends it. */
interface Disturbance {
  readonly tab: Tab;
  readonly end: () => Promise<void>;
}

const hosts: readonly TabOptions[] = [{}, {}, {}, {}, {}, {}, { host: "worker" }, { host: "worker" }];
/** How many tabs may be away or frozen at once. The others have to keep what is known. */
const mostDisturbed = 3;
/** How long the calls that are under way at the end may take. */
const patienceMs = 60_000;

/** The keys of one step. Each lives through three: a call that was cut short may take effect as long as its key is written. */
const keysOf = (step: number): readonly string[] => [0, 1, 2, 3, 4, 5].map((index) => `key-${2 * step + index}`);

export class Chaos {
  readonly #stage: Stage;
  readonly #engine: Engine;
  readonly #users: Users;
  readonly #random;
  readonly #options = new Map<Tab, TabOptions>();
  readonly #counts = new Map<Happening, number>();
  /** What each step came to, for whoever reads a run that failed. */
  readonly schedule: string[] = [];
  #disturbed: readonly Disturbance[] = [];
  readonly #acknowledged: string[] = [];

  constructor(stage: Stage, engine: Engine, seed: number) {
    this.#stage = stage;
    this.#engine = engine;
    this.#random = createRandom(seed);
    this.#users = new Users(stage, createRandom(seed + 1));
  }

  /** Opens the tabs, lets things happen for so long, and waits until all is calm again. */
  async run(ms: number): Promise<true> {
    await Promise.all(hosts.map((options) => this.#open(options)));
    await this.#stage.untilAgreed();
    const end = wallTime() + ms;
    for (let step = 0; wallTime() < end; step += 1) {
      this.#users.begin(keysOf(step));
      await this.#take(drawStep(this.#random), step);
    }
    while (this.#disturbed.length > 0) await this.#endOldest();
    await this.#stage.untilAgreed();
    return true;
  }

  /** Looks through all that was seen. */
  async judge(): Promise<ChaosResult> {
    const { journal, tabs } = this.#stage;
    const history = await within(this.#users.finish("one tab"), patienceMs);
    const { leader } = await this.#stage.untilConverged();
    const ledger = await leader.invoke("lookup", ledgerKey, { timeoutMs: patienceMs });
    const kept = new Set<unknown>(ledger.type === "reply" && Array.isArray(ledger.value) ? ledger.value : []);
    const alive = new Set<string>(tabs.flatMap(({ status }) => status?.alive ?? []));
    const verdict = history === null ? null : checkLinearizability(dictionaryModel, history);
    if (verdict !== null && verdict.type !== "linearizable") this.schedule.push(explain(verdict));
    const count = (happening: Happening): number => this.#counts.get(happening) ?? 0;
    return {
      kills: count("kill"),
      closes: count("close"),
      freezes: count("freeze"),
      navigations: count("leave"),
      hangs: count("hang"),
      handOvers: count("hand over"),
      elections: new Set(journal.recordsOf("elected").map(({ record }) => record.token.epoch)).size,
      writes: this.#users.writes + this.#acknowledged.length,
      lost: this.#acknowledged.filter((value) => !kept.has(value)).length,
      twoLeaders: checkLog(journal.entries).length,
      pending: history === null ? this.#users.pending : 0,
      leakedLocks: (await locksOf(leader)).filter((peer) => !alive.has(peer)).length,
      linearizable: verdict?.type === "linearizable",
    };
  }

  async #open(options: TabOptions): Promise<void> {
    const tab = await this.#stage.open(options);
    this.#options.set(tab, options);
    await this.#users.join(tab, 1);
  }

  /** The tabs that nothing is going on in. */
  get #calm(): readonly Tab[] {
    return this.#stage.tabs.filter((tab) => !this.#disturbed.some((disturbance) => disturbance.tab === tab));
  }

  async #take(step: Step, number: number): Promise<void> {
    const calm = this.#calm;
    const leader = calm.find(({ status }) => status?.phase === "leading");
    const others = calm.filter((tab) => tab !== leader);
    const tab = (step.toLeader ? leader : undefined) ?? others[Math.floor(step.among * others.length)] ?? calm[0];
    if (tab === undefined) throw new Error("Something goes on in every tab.");
    const happening = this.#possible(step.happening);
    this.schedule.push(`${wallTime().toFixed(0)} ${number}: ${happening} ${tab.name}${tab === leader ? ", which leads" : ""}`);
    this.#counts.set(happening, (this.#counts.get(happening) ?? 0) + 1);
    const answered = this.#users.untilAnswered(step.answers);
    await this.#happen(happening, tab, step);
    await answered;
    await this.#note(number);
  }

  /** What happens instead where the engine, or what goes on already, does not allow it. */
  #possible(happening: Happening): Happening {
    const disturbs = happening === "freeze" || happening === "leave";
    if (disturbs && this.#disturbed.length >= mostDisturbed) return "back";
    if (happening === "freeze" && whyUnable(this.#engine, "freeze") !== undefined) return "kill";
    if (happening === "back" && this.#disturbed.length === 0) return "look";
    return happening;
  }

  async #happen(happening: Happening, tab: Tab, { hangMs }: Step): Promise<void> {
    switch (happening) {
      case "close":
        await this.#stage.close(tab).done;
        return this.#open(this.#options.get(tab) ?? {});
      case "kill":
        await this.#stage.kill(tab);
        return this.#open(this.#options.get(tab) ?? {});
      case "hang": {
        const end = tab.nextHang("end");
        await tab.hang(hangMs);
        await end;
        return;
      }
      case "freeze":
        return this.#freeze(tab);
      case "leave":
        return this.#leave(tab);
      case "look":
        return tab.page.bringToFront();
      case "hand over":
        // Nobody may be there to take over; that is no error of the one that leads on.
        return tab.invoke("stepDown", null).catch(() => undefined);
      case "back":
        return this.#endOldest();
    }
  }

  async #freeze(tab: Tab): Promise<void> {
    await this.#calm.find((other) => other !== tab)?.page.bringToFront();
    const frozen = tab.nextPageEvent("freeze");
    await tab.page.setLifecycle("frozen");
    await frozen;
    const end = (): Promise<void> => tab.page.setLifecycle("active");
    this.#disturbed = [...this.#disturbed, { tab, end }];
  }

  async #leave(tab: Tab): Promise<void> {
    this.#users.excuse(tab);
    await tab.leave();
    const end = async (): Promise<void> => {
      const { persisted } = await tab.comeBack();
      await this.#users.welcomeBack(tab, persisted);
    };
    this.#disturbed = [...this.#disturbed, { tab, end }];
  }

  async #endOldest(): Promise<void> {
    const [oldest, ...rest] = this.#disturbed;
    await oldest?.end();
    this.#disturbed = rest;
  }

  /** Writes one more value that has to be there in the end. */
  async #note(number: number): Promise<void> {
    const writer = this.#calm.at(number % this.#calm.length);
    const value = `step-${number}`;
    const end = await writer?.invoke("append", ledgerKey, value, { timeoutMs: patienceMs });
    if (end?.type === "reply") this.#acknowledged.push(value);
  }
}

/** What cannot be explained, for people: all that was asked about one key, and which of it was left over. */
function explain(verdict: LinearizabilityResult<DictionaryRequest, unknown>): string {
  if (verdict.type !== "violation") return JSON.stringify(verdict);
  const explained = new Set(verdict.longest);
  const lines = verdict.operations.map((operation) => {
    const { client, input, calledAt, returned } = operation;
    const end = returned === null ? "never" : `${returned.at.toFixed(1)} ${JSON.stringify(returned.output)}`;
    return `  ${explained.has(operation) ? " " : "?"} ${calledAt.toFixed(1)} ${client} ${JSON.stringify(input)} -> ${end}`;
  });
  return [`No order explains what was asked about ${verdict.part}:`, ...lines].join("\n");
}

/** Where the values are that must not be lost. */
const ledgerKey = "ledger";

/** The peers that locks are held or asked for in the name of, in the origin of this tab. */
async function locksOf(tab: Tab): Promise<readonly string[]> {
  const names = await tab.page.evaluate(async (cluster) => {
    const { held = [], pending = [] } = await navigator.locks.query();
    return [...held, ...pending].flatMap(({ name = "" }) => (name.includes(JSON.stringify(cluster)) ? [name] : []));
  }, tab.cluster);
  return names.flatMap((name) => /"([^"]+#\d+)"$/.exec(name)?.[1] ?? []);
}
