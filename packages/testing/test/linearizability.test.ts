import { describe, expect, test } from "vitest";
import { checkLinearizability, createRandom, type Operation, type SequentialModel } from "../src/index.js";

type Input = { readonly type: "write"; readonly key: string; readonly value: number } | { readonly type: "read"; readonly key: string };
type Output = number | null;

/** Registers that hold a number each, or `null` before the first write. A write answers with what it replaced. */
const registers: SequentialModel<Output, Input, Output> = {
  initial: null,
  partOf: ({ key }) => key,
  step(state, input, returned) {
    if (returned !== null && returned.output !== state) return null;
    return { state: input.type === "write" ? input.value : state };
  },
  print: String,
};

function write(value: number, from: number, to: number | null, replaced: Output = null, key = "x"): Operation<Input, Output> {
  const returned = to === null ? null : { at: to, output: replaced };
  return { client: `w${value}`, input: { type: "write", key, value }, calledAt: from, returned };
}

function read(output: Output, from: number, to: number, key = "x"): Operation<Input, Output> {
  return { client: "r", input: { type: "read", key }, calledAt: from, returned: { at: to, output } };
}

const check = (...history: readonly Operation<Input, Output>[]): string => checkLinearizability(registers, history).type;

describe("histories that can be explained", () => {
  test("nothing, and one after another", () => {
    expect(check()).toBe("linearizable");
    expect(check(write(1, 0, 1), read(1, 2, 3), write(2, 4, 5, 1), read(2, 6, 7))).toBe("linearizable");
  });

  test("a read beside a write sees it or not", () => {
    expect(check(write(1, 0, 10), read(null, 1, 2))).toBe("linearizable");
    expect(check(write(1, 0, 10), read(1, 1, 2))).toBe("linearizable");
    expect(check(write(1, 0, 10), read(null, 1, 2), read(1, 3, 4))).toBe("linearizable");
  });

  test("what touches in time is concurrent", () => {
    expect(check(write(1, 0, 5), read(null, 5, 6))).toBe("linearizable");
  });

  test("a write of which nobody knows may have taken effect at any time, or never", () => {
    expect(check(write(1, 0, null), read(null, 10, 11))).toBe("linearizable");
    expect(check(write(1, 0, null), read(null, 10, 11), read(1, 12, 13))).toBe("linearizable");
  });

  test("registers do not tell of each other", () => {
    expect(check(write(1, 0, 1, null, "x"), read(null, 2, 3, "y"))).toBe("linearizable");
  });
});

describe("histories that cannot be explained", () => {
  test("a read of what was replaced before it began", () => {
    expect(check(write(1, 0, 1), write(2, 2, 3, 1), read(1, 4, 5))).toBe("violation");
  });

  test("a write that was acknowledged and is lost", () => {
    expect(check(write(1, 0, 1), read(null, 2, 3))).toBe("violation");
  });

  test("a write that is seen and then is not", () => {
    expect(check(write(1, 0, 10), read(1, 1, 2), read(null, 3, 4))).toBe("violation");
  });

  test("a write of which nobody knows, seen before it was asked for, or undone", () => {
    expect(check(read(1, 0, 1), write(1, 2, null))).toBe("violation");
    expect(check(write(1, 0, null), read(1, 1, 2), read(null, 3, 4))).toBe("violation");
  });

  test("two writes that both replaced the same", () => {
    expect(check(write(1, 0, 10), write(2, 0, 10))).toBe("violation");
  });

  test("the report tells the part, and how far an explanation goes", () => {
    const history = [write(1, 0, 1), write(7, 0, 1, null, "y"), write(2, 2, 3, 1), read(1, 4, 5)];
    const result = checkLinearizability(registers, history);
    expect(result).toEqual({
      type: "violation",
      part: "x",
      operations: [history[0], history[2], history[3]],
      longest: [history[0], history[2]],
    });
  });
});

test("a search that is too long says so", () => {
  const history = Array.from({ length: 12 }, (_, value) => write(value, 0, 100, -1));
  expect(checkLinearizability(registers, history, { stepLimit: 5 })).toEqual({ type: "undecided", part: "x" });
});

/** What clients see of real registers: each operation takes effect somewhere between its call and its answer. */
function observe(seed: number, clients: number, operations: number): Operation<Input, Output>[] {
  const random = createRandom(seed);
  const plans = Array.from({ length: clients * operations }, (_, number) => {
    const client = number % clients;
    const calledAt = Math.floor(number / clients) * 10 + random.between(0, 4);
    const effectAt = calledAt + 1 + random.next() * 3;
    const key = `k${random.between(0, 3)}`;
    const input: Input = random.chance(0.5) ? { type: "write", key, value: number } : { type: "read", key };
    return { client: `c${client}`, input, calledAt, effectAt, at: calledAt + random.between(4, 9), isKnown: random.chance(0.95) };
  });
  const held = new Map<string, Output>();
  const history = plans
    .sort((a, b) => a.effectAt - b.effectAt)
    .map(({ client, input, calledAt, at, isKnown }) => {
      const output = held.get(input.key) ?? null;
      if (input.type === "write") held.set(input.key, input.value);
      return { client, input, calledAt, returned: isKnown ? { at, output } : null };
    });
  return history.sort((a, b) => a.calledAt - b.calledAt);
}

test("whatever is seen of real registers is linearizable, and what is falsified is not", () => {
  for (let seed = 1; seed <= 20; seed += 1) {
    const history = observe(seed, 6, 100);
    expect(checkLinearizability(registers, history).type, `seed ${seed}`).toBe("linearizable");
    // Somebody is answered what nobody ever wrote.
    const liar = history.findIndex(({ returned }) => returned !== null);
    const falsified = history.map((operation, index) =>
      index === liar && operation.returned !== null ? { ...operation, returned: { ...operation.returned, output: -1 } } : operation,
    );
    expect(checkLinearizability(registers, falsified).type, `seed ${seed}, falsified`).toBe("violation");
  }
});
