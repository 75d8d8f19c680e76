/**
 * Progress: which states cannot reach a goal any more, by what happens by itself. Looked for backwards from the goals.
 *
 * @module
 */
import { IntegerList } from "./integer-list.js";

/** The graph of what may happen by itself. */
export class ProgressGraph {
  readonly #sources = new IntegerList();
  readonly #targets = new IntegerList();
  readonly #goals = new IntegerList();

  addStep(source: number, target: number): void {
    this.#sources.push(source);
    this.#targets.push(target);
  }

  /** A state in which all is well, or of which nobody knows how it goes on. */
  addGoal(state: number): void {
    this.#goals.push(state);
  }

  /** The states from which no goal can be reached, the earliest first. */
  stuckStates(count: number): readonly number[] {
    const { starts, sources } = this.#reversed(count);
    const reaches = new Uint8Array(count);
    const pending = new IntegerList();
    const mark = (state: number): void => {
      if (reaches[state] === 1) return;
      reaches[state] = 1;
      pending.push(state);
    };
    for (let index = 0; index < this.#goals.length; index += 1) mark(this.#goals.at(index));
    for (let next = 0; next < pending.length; next += 1) {
      const state = pending.at(next);
      const end = starts[state + 1] ?? 0;
      for (let index = starts[state] ?? 0; index < end; index += 1) mark(sources[index] ?? 0);
    }
    const stuck: number[] = [];
    for (let state = 0; state < count; state += 1) if (reaches[state] === 0) stuck.push(state);
    return stuck;
  }

  /** For every state those that lead to it: `sources` from `starts[state]` to `starts[state + 1]`. */
  #reversed(count: number): { readonly starts: Int32Array; readonly sources: Int32Array } {
    const starts = new Int32Array(count + 1);
    const total = this.#targets.length;
    for (let index = 0; index < total; index += 1) {
      const at = this.#targets.at(index) + 1;
      starts[at] = (starts[at] ?? 0) + 1;
    }
    for (let state = 0; state < count; state += 1) starts[state + 1] = (starts[state + 1] ?? 0) + (starts[state] ?? 0);
    const fill = starts.slice();
    const sources = new Int32Array(total);
    for (let index = 0; index < total; index += 1) {
      const target = this.#targets.at(index);
      const place = fill[target] ?? 0;
      sources[place] = this.#sources.at(index);
      fill[target] = place + 1;
    }
    return { starts, sources };
  }
}
