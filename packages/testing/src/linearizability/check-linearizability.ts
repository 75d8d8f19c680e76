/**
 * Whether a history can be explained by operations that each took effect at one instant between its call and its answer.
 *
 * The search of Wing and Gong (Testing and verifying concurrent objects, 1993) with the memory of Lowe (Testing for
 * linearizability, 2017) and a partition by parts, as porcupine does it.
 *
 * @module
 */
import type { Operation } from "./history.js";
import type { SequentialModel } from "./sequential-model.js";

export interface LinearizabilityOptions {
  /** How many steps the search may take in each part before it gives up. @default 10_000_000 */
  readonly stepLimit?: number;
}

export type LinearizabilityResult<Input, Output> =
  | { readonly type: "linearizable" }
  | {
      readonly type: "violation";
      /** The part that cannot be explained. */
      readonly part: string;
      /** All operations on it, in the order of their calls. */
      readonly operations: readonly Operation<Input, Output>[];
      /** The longest order that explains some of them. What comes after it is where to look. */
      readonly longest: readonly Operation<Input, Output>[];
    }
  /** The search was given up. */
  | { readonly type: "undecided"; readonly part: string };

/** Looks for an order of the operations that each client could have seen; times are compared, not measured. */
export function checkLinearizability<State, Input, Output>(
  model: SequentialModel<State, Input, Output>,
  history: readonly Operation<Input, Output>[],
  { stepLimit = 10_000_000 }: LinearizabilityOptions = {},
): LinearizabilityResult<Input, Output> {
  const parts = new Map<string, Operation<Input, Output>[]>();
  for (const operation of history) {
    const part = model.partOf(operation.input);
    const operations = parts.get(part);
    if (operations === undefined) parts.set(part, [operation]);
    else operations.push(operation);
  }
  for (const [part, operations] of parts) {
    operations.sort((a, b) => a.calledAt - b.calledAt);
    const result = search(model, operations, stepLimit);
    if (result === "given-up") return { type: "undecided", part };
    if (result !== "explained") return { type: "violation", part, operations, longest: result };
  }
  return { type: "linearizable" };
}

/** The call or the answer of an operation, in a list that is in the order of time and from which both can be taken out and put back. */
interface Node<Input, Output> {
  readonly operation: Operation<Input, Output>;
  readonly index: number;
  /** The answer, if this is a call. */
  readonly answer: Node<Input, Output> | null;
  previous: Node<Input, Output> | null;
  next: Node<Input, Output> | null;
}

function search<State, Input, Output>(
  model: SequentialModel<State, Input, Output>,
  operations: readonly Operation<Input, Output>[],
  stepLimit: number,
): "explained" | "given-up" | readonly Operation<Input, Output>[] {
  const list = createTimeline(operations);
  const done = createDone(operations.length);
  const tried = new Set<string>();
  const taken: { readonly call: Node<Input, Output>; readonly before: State }[] = [];
  let longest: readonly Operation<Input, Output>[] = [];
  let state = model.initial;
  let node = list.first();
  for (let steps = 0; node !== null; steps += 1) {
    if (steps === stepLimit) return "given-up";
    if (node.answer === null) {
      // This operation was answered, and has not taken effect yet: some choice before was wrong.
      const last = taken.pop();
      if (last === undefined) return longest;
      done.remove(last.call.index);
      list.putBack(last.call);
      state = last.before;
      node = last.call.next;
      continue;
    }
    const next = model.step(state, node.operation.input, node.operation.returned);
    if (next !== null && isNew(node.index, next.state)) {
      taken.push({ call: node, before: state });
      if (taken.length > longest.length) longest = taken.map(({ call }) => call.operation);
      state = next.state;
      list.takeOut(node);
      node = list.first();
    } else node = node.next;
  }
  return "explained";

  /** Whether the same operations have not led to the same state before, in another order. Remembers them as done. */
  function isNew(index: number, next: State): boolean {
    done.add(index);
    const key = `${done.print()} ${model.print(next)}`;
    if (!tried.has(key)) {
      tried.add(key);
      return true;
    }
    done.remove(index);
    return false;
  }
}

/** The operations that have taken effect, by number. Nearly all up to some number, and few above. */
function createDone(size: number) {
  const marks = new Uint8Array(size);
  /** All below are done. */
  let floor = 0;
  let count = 0;
  return {
    add(index: number): void {
      marks[index] = 1;
      count += 1;
      while (marks[floor] === 1) floor += 1;
    },
    remove(index: number): void {
      marks[index] = 0;
      count -= 1;
      floor = Math.min(floor, index);
    },
    print(): string {
      let text = String(floor);
      let found = floor;
      for (let index = floor; found < count; index += 1) {
        if (marks[index] !== 1) continue;
        found += 1;
        text += `,${index}`;
      }
      return text;
    },
  };
}

interface Timeline<Input, Output> {
  first(): Node<Input, Output> | null;
  /** Takes a call and its answer out. */
  takeOut(call: Node<Input, Output>): void;
  /** Puts the call that was taken out last back, and its answer. */
  putBack(call: Node<Input, Output>): void;
}

function createTimeline<Input, Output>(operations: readonly Operation<Input, Output>[]): Timeline<Input, Output> {
  const events: { readonly at: number; readonly isAnswer: boolean; readonly node: Node<Input, Output> }[] = [];
  operations.forEach((operation, index) => {
    const answer: Node<Input, Output> = { operation, index, answer: null, previous: null, next: null };
    events.push({ at: operation.calledAt, isAnswer: false, node: { ...answer, answer } });
    events.push({ at: operation.returned?.at ?? Infinity, isAnswer: true, node: answer });
  });
  // What happened at one time may have happened in either order: calls come first, so that they count as concurrent.
  events.sort((a, b) => (a.at === b.at ? Number(a.isAnswer) - Number(b.isAnswer) : a.at - b.at));
  let first: Node<Input, Output> | null = null;
  let last: Node<Input, Output> | null = null;
  for (const { node } of events) {
    node.previous = last;
    if (last === null) first = node;
    else last.next = node;
    last = node;
  }

  function unlink(node: Node<Input, Output>): void {
    if (node.previous === null) first = node.next;
    else node.previous.next = node.next;
    if (node.next !== null) node.next.previous = node.previous;
  }

  function link(node: Node<Input, Output>): void {
    if (node.previous === null) first = node;
    else node.previous.next = node;
    if (node.next !== null) node.next.previous = node;
  }

  return {
    first: () => first,
    takeOut(call) {
      unlink(call);
      if (call.answer !== null) unlink(call.answer);
    },
    putBack(call) {
      if (call.answer !== null) link(call.answer);
      link(call);
    },
  };
}
