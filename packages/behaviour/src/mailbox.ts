/**
 * One message at a time: the queue of what waits for a peer's callbacks.
 *
 * What the election delivers comes in order and is never held back. Local messages keep their place in that order,
 * but wait while `isOpen` says that there is no leader.
 *
 * @module
 */

/** Something to run; while the promise that it returns is pending, the next waits. */
export interface Task {
  run(): void | Promise<void>;
  /** Set for what runs no callback of the user's, so that it need not wait for the end of a suspension: if it is next, or always. */
  readonly whileSuspended?: "next" | "always";
}

interface Queued<T extends Task> {
  readonly task: T;
  readonly order: number;
}

export class Mailbox<Election extends Task, Local extends Task> {
  readonly #election: Queued<Election>[] = [];
  readonly #local: Queued<Local>[] = [];
  readonly #isOpen: () => boolean;
  readonly #rested: () => void;
  #order = 0;
  #busy = false;
  #suspended = false;
  #paused = false;
  #closed = false;
  #running: Election | Local | null = null;
  /** Changes when a pending task is given up, so that its late end is not taken for the present one's. */
  #run = 0;
  #idle: (() => void)[] = [];

  /** `rested` is called whenever everything that could run has run. */
  constructor(isOpen: () => boolean, rested: () => void) {
    this.#isOpen = isOpen;
    this.#rested = rested;
  }

  /** What runs now, if anything. */
  get running(): Election | Local | null {
    return this.#running;
  }

  get length(): number {
    return this.#election.length + this.#local.length;
  }

  push(task: Election): void {
    if (!this.#closed) this.#election.push({ task, order: this.#order++ });
  }

  pushLocal(task: Local): void {
    if (!this.#closed) this.#local.push({ task, order: this.#order++ });
  }

  /** Takes the waiting tasks of the election that fit out of the queue. */
  removeWhere(fits: (task: Election) => boolean): Election[] {
    return takeWhere(this.#election, fits);
  }

  removeLocalWhere(fits: (task: Local) => boolean): Local[] {
    return takeWhere(this.#local, fits);
  }

  someLocalWaiting(fits: (task: Local) => boolean): boolean {
    return this.#local.some(({ task }) => fits(task));
  }

  someWaiting(fits: (task: Election) => boolean): boolean {
    return this.#election.some(({ task }) => fits(task));
  }

  /** Runs what can be run. A call from within a task does nothing: the outer one goes on. */
  pump(): void {
    if (this.#busy) return;
    this.#busy = true;
    while (!this.#closed) {
      const task = this.#next();
      if (task === null) break;
      this.#running = task;
      const run = ++this.#run;
      const pending = task.run();
      if (pending !== undefined) {
        void pending.then(() => this.#finish(run));
        return;
      }
      this.#running = null;
    }
    this.#busy = false;
    this.#rested();
  }

  /** Gives up on the task that runs: the next may run, whenever this one ends. */
  abandonRunning(): void {
    if (this.#running !== null) this.#finish(this.#run);
  }

  /** Calls back once nothing runs. */
  whenIdle(callback: () => void): void {
    if (this.#running === null) callback();
    else this.#idle.push(callback);
  }

  /** Lets no callback of the user's run until `resume`, however often it is said. */
  suspend(): void {
    this.#suspended = true;
  }

  resume(): void {
    this.#suspended = false;
    this.pump();
  }

  /** The same for a moment, in which the order is kept: nothing overtakes what has to wait. */
  pause(): void {
    this.#paused = true;
  }

  goOn(): void {
    this.#paused = false;
    this.pump();
  }

  /** Nothing runs any more; returns what had been waiting. */
  close(): (Election | Local)[] {
    this.#closed = true;
    const rest = [...this.#election, ...this.#local].sort((a, b) => a.order - b.order).map(({ task }) => task);
    this.#election.length = 0;
    this.#local.length = 0;
    return rest;
  }

  #finish(run: number): void {
    if (run !== this.#run) return;
    this.#run += 1;
    this.#running = null;
    this.#busy = false;
    const idle = this.#idle;
    this.#idle = [];
    for (const callback of idle) callback();
    this.pump();
  }

  #next(): Election | Local | null {
    const [election] = this.#election;
    if (this.#suspended || this.#paused) return this.#nextWhileSuspended();
    const local = this.#isOpen() ? this.#local[0] : undefined;
    if (election !== undefined && (local === undefined || election.order < local.order)) {
      this.#election.shift();
      return election.task;
    }
    if (local === undefined) return null;
    this.#local.shift();
    return local.task;
  }

  #nextWhileSuspended(): Election | null {
    const place = this.#election.findIndex(
      ({ task }, index) => task.whileSuspended !== undefined && (index === 0 || (task.whileSuspended === "always" && !this.#paused)),
    );
    return this.#election.splice(Math.max(place, 0), place < 0 ? 0 : 1)[0]?.task ?? null;
  }
}

function takeWhere<T extends Task>(queue: Queued<T>[], fits: (task: T) => boolean): T[] {
  const taken: T[] = [];
  for (let index = 0; index < queue.length; ) {
    const queued = queue[index];
    if (queued !== undefined && fits(queued.task)) {
      taken.push(queued.task);
      queue.splice(index, 1);
    } else index += 1;
  }
  return taken;
}
