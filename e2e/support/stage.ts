/**
 * The tabs of one scenario, their log, and what scenarios do with them.
 *
 * @module
 */
import type { Token } from "gen-leader";
import { bindingName, copyOf, type Report, wallTime } from "../pages/src/records.js";
import type { BrowserDriver } from "./browser.js";
import { Journal, type RecordOf } from "./journal.js";
import { Tab, type TabOptions } from "./tab.js";

/** All tabs that agree on one leader, told apart. */
export interface Agreement {
  readonly leader: Tab;
  readonly followers: readonly Tab[];
  readonly token: Token;
}

export class Stage {
  /** Another one for each scenario, so that no two hear each other. */
  readonly cluster: string;
  readonly journal = new Journal();
  readonly #browser: BrowserDriver;
  readonly #url: (path: string) => string;
  #tabs: readonly Tab[] = [];
  #opened = 0;
  readonly #notes: string[] = [];
  readonly #crashed = new Set<string>();
  readonly #killed = new Set<string>();

  constructor(cluster: string, browser: BrowserDriver, url: (path: string) => string) {
    this.cluster = cluster;
    this.#browser = browser;
    this.#url = url;
  }

  /** Every tab that is open. */
  get tabs(): readonly Tab[] {
    return this.#tabs;
  }

  /** What the browser said that may explain a failure. */
  get notes(): readonly string[] {
    return this.#notes;
  }

  /** Tabs whose process has died. */
  get crashed(): ReadonlySet<string> {
    return this.#crashed;
  }

  /** Tabs whose process a scenario has killed. */
  get killed(): ReadonlySet<string> {
    return this.#killed;
  }

  /** Opens a tab with the page under test in it. */
  async open(options: TabOptions = {}): Promise<Tab> {
    this.#opened += 1;
    const name = `tab-${this.#opened}`;
    const page = await this.#browser.open(
      bindingName,
      {
        told: (message) => {
          const report: Report = JSON.parse(message);
          this.journal.add(report.ofCopy ? copyOf(name) : name, report);
        },
        crashed: () => {
          this.#crashed.add(name);
          this.journal.wake();
        },
        notCached: (reasons) => this.#notes.push(`${name} was not kept in the back/forward cache: ${reasons}`),
      },
      { isPrivate: options.window === "private", isUndriven: options.undriven === true },
    );
    const tab = new Tab(name, this.cluster, options, page, this.journal, this.#url);
    this.#tabs = [...this.#tabs, tab];
    await tab.load();
    return tab;
  }

  /** Opens a tab whose peer leads, and then others that follow it. */
  async openLeader(
    options: TabOptions,
    others: number,
  ): Promise<{ readonly leader: Tab; readonly others: readonly Tab[]; readonly token: Token }> {
    const leader = await this.open({ ...options, priority: 5 });
    if (options.start === "later") await leader.start();
    await leader.until("to lead", ({ phase }) => phase === "leading");
    const opened = await this.openMany(others);
    const agreement = await this.untilAgreed();
    if (agreement.leader !== leader) throw new Error(`${agreement.leader.name} leads in place of ${leader.name}.`);
    return { leader, others: opened, token: agreement.token };
  }

  /** Opens several tabs at once. */
  openMany(count: number, options: TabOptions = {}): Promise<readonly Tab[]> {
    return Promise.all(Array.from({ length: count }, () => this.open(options)));
  }

  /** Closes a tab, as a person does. Returns when that was asked for. */
  close(tab: Tab): { readonly at: number; readonly done: Promise<void> } {
    this.#forget(tab);
    const at = wallTime();
    return { at, done: tab.page.close() };
  }

  /** Kills the process of a tab. */
  async kill(tab: Tab): Promise<{ readonly at: number }> {
    const [pid] = await this.#browser.processes([tab.page]);
    if (pid === undefined) throw new Error(`${tab.name} runs in no process.`);
    this.#forget(tab);
    this.#killed.add(tab.name);
    const at = wallTime();
    process.kill(pid, "SIGKILL");
    await this.journal.until(`the process of ${tab.name} to die`, () => (this.#crashed.has(tab.name) ? true : undefined));
    return { at };
  }

  /** Stops the processes of tabs, as a machine that sleeps does. Returns what lets them go on. */
  async suspend(tabs: readonly Tab[]): Promise<() => void> {
    const pids = await this.processes(tabs);
    for (const pid of pids) process.kill(pid, "SIGSTOP");
    return () => {
      for (const pid of pids) process.kill(pid, "SIGCONT");
    };
  }

  /** The processes of the tabs, in their order. */
  processes(tabs: readonly Tab[] = this.#tabs): Promise<readonly number[]> {
    return this.#browser.processes(tabs.map(({ page }) => page));
  }

  /** Leaves a tab out of what is waited for, though it may still be there. */
  #forget(tab: Tab): void {
    this.#tabs = this.#tabs.filter((other) => other !== tab);
  }

  /** The tabs as they agree at this moment: one leads, all others follow it, and all know of exactly these. */
  agreed(tabs: readonly Tab[] = this.#tabs, cluster = this.cluster): Agreement | undefined {
    const views = tabs.map((tab) => ({ tab, status: this.journal.status(tab.name, cluster) }));
    const leading = views.find(({ status }) => status?.phase === "leading");
    const token = leading?.status?.token;
    if (leading === undefined || token === null || token === undefined) return undefined;
    const everybody = new Set(views.map(({ status }) => status?.self));
    const agree = views.every(({ tab, status }) => {
      if (status === undefined || !status.running) return false;
      const knowsAll = status.alive.length === tabs.length && status.alive.every((peer) => everybody.has(peer));
      const phase = tab === leading.tab ? "leading" : "following";
      return knowsAll && status.phase === phase && status.token?.epoch === token.epoch && status.token.leader === token.leader;
    });
    return agree ? { leader: leading.tab, followers: tabs.filter((tab) => tab !== leading.tab), token } : undefined;
  }

  /** Waits until these tabs agree on one leader among them. */
  untilAgreed(tabs: readonly Tab[] = this.#tabs, cluster = this.cluster): Promise<Agreement> {
    return this.journal.until(`${tabs.map(({ name }) => name).join(", ")} to agree on one leader of ${cluster}`, () =>
      this.agreed(tabs, cluster),
    );
  }

  /**
   * Waits until these tabs agree on a leader and each has applied all that was written before: an answer reaches its caller
   * only after what the leader broadcast before it.
   */
  async untilConverged(tabs: readonly Tab[] = this.#tabs, cluster = this.cluster): Promise<Agreement> {
    const { token } = await this.untilAgreed(tabs, cluster);
    const answers = await Promise.all(tabs.map((tab) => tab.invokeOf(cluster, "lookup", "nothing", { timeoutMs: 30_000 })));
    for (const answer of answers)
      if (answer.type !== "reply" || answer.epoch !== token.epoch)
        throw new Error(`The leader changed meanwhile: ${JSON.stringify(answer)}`);
    return this.untilAgreed(tabs, cluster);
  }

  /** Waits for the first election of a later epoch. */
  untilSucceeded(token: Token): Promise<RecordOf<"elected">> {
    return this.journal.untilRecord(
      `a leader after epoch ${token.epoch}`,
      "elected",
      (record) => record.cluster === this.cluster && record.token.epoch > token.epoch,
      0,
    );
  }

  /** Closes what is still open. */
  async dispose(): Promise<void> {
    const open = this.#tabs.filter(({ name }) => !this.#crashed.has(name));
    this.#tabs = [];
    await Promise.all(open.map(({ page }) => page.close()));
  }
}
