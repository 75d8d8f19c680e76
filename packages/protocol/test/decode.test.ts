import { describe, expect, test } from "vitest";
import { decode, maximumNameLength } from "../src/index.js";
import { sampleMessages } from "./messages.js";

const samples = Object.values(sampleMessages);

/** What users send: anything at all, so that its absence is no damage either. */
const payloads = new Set(["payload", "request", "sync", "value", "cause"]);

function rejection(frame: unknown): string {
  const decoded = decode(frame);
  return decoded.type === "rejected" ? decoded.reason : "none";
}

describe("messages of this protocol", () => {
  test.each(samples)("$type passes, and is the frame itself", (message) => {
    expect(decode(message)).toEqual({ type: "message", message });
  });

  test.each(samples)("$type passes after structured clone, and with fields that this release does not know", (message) => {
    const frame = structuredClone({ ...message, fence: new SharedArrayBuffer(8), laterRelease: [1] });
    expect(decode(frame).type).toBe("message");
  });

  test.each(samples)("$type is malformed without any one of its fields", (message) => {
    for (const field of Object.keys(message)) {
      if (payloads.has(field) || (message.type === "tail" && field === "sync")) continue;
      const fields: { readonly [field: string]: unknown } = { ...message };
      const { [field]: _removed, ...rest } = fields;
      expect(rejection(rest), field).toBe("malformed");
    }
  });

  test.each(samples)("$type is malformed with a wrong value in any one of its fields", (message) => {
    for (const field of Object.keys(message)) {
      if (payloads.has(field) || field === "gl") continue;
      for (const wrong of [undefined, Number.NaN, -1, 0.5, 2 ** 53, () => 1, Symbol.iterator, [[]], { epoch: 1 }, new Date()])
        expect(rejection({ ...message, [field]: wrong }), `${field}: ${String(wrong)}`).toBe("malformed");
    }
  });
});

test("a list with holes is malformed, wherever it stands", () => {
  const holes: readonly (readonly ["broadcast" | "missed" | "announce" | "tail", string, unknown])[] = [
    ["broadcast", "entry", { type: "members", members: new Array(1) }],
    ["missed", "entries", new Array(2)],
    ["announce", "members", new Array(1)],
    ["tail", "ancestry", new Array(3)],
  ];
  for (const [type, field, list] of holes)
    expect(rejection(structuredClone({ ...sampleMessages[type], [field]: list })), type).toBe("malformed");
});

describe("frames from elsewhere", () => {
  test.each([undefined, null, 0, "join", true, 1n, Symbol("join"), [], [{ gl: 1 }], new Map([["gl", 1]]), new Date(), () => 1])(
    "%s is no message",
    (frame) => {
      expect(decode(frame)).toEqual({ type: "rejected", reason: "malformed", from: null });
    },
  );

  test("another version of the protocol is told apart, and its sender named", () => {
    expect(decode({ ...sampleMessages.leave, gl: 2 })).toEqual({ type: "rejected", reason: "version", from: "a#1" });
    expect(rejection({ ...sampleMessages.leave, gl: "1" })).toBe("malformed");
  });

  test.each(["constructor", "__proto__", "toString", "hasOwnProperty", "", "JOIN"])("%o is no type of a message", (type) => {
    expect(rejection({ ...sampleMessages.leave, type })).toBe("malformed");
  });

  test.each(["a", "#1", "a#", "a b#1", "a#1#2", "a#-1", "a#1.5", `${"n".repeat(maximumNameLength + 1)}#1`, 1, null])(
    "%o is no sender",
    (from) => {
      expect(rejection({ ...sampleMessages.leave, from })).toBe("malformed");
    },
  );
});

describe("prototypes", () => {
  test("fields that a prototype lends do not count", () => {
    const { from: _from, ...rest } = sampleMessages.leave;
    expect(rejection(Object.assign(Object.create({ from: "a#1" }), rest))).toBe("malformed");
    class Leave {
      readonly gl = 1;
      readonly from = "a#1";
      readonly type = "leave";
      readonly backOffMs = 0;
    }
    expect(rejection(new Leave())).toBe("malformed");
  });

  test("a frame with a property called __proto__ changes no prototype and lends nothing", () => {
    const frame: unknown = JSON.parse('{"gl":1,"from":"a#1","type":"leave","backOffMs":0,"__proto__":{"polluted":true,"member":{}}}');
    expect(decode(frame).type).toBe("message");
    expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
    const join: unknown = JSON.parse(
      '{"gl":1,"from":"a#1","type":"join","__proto__":{"member":{},"position":{},"highestEpoch":0,"lists":""}}',
    );
    expect(rejection(join)).toBe("malformed");
  });

  test("an object without a prototype may be a message", () => {
    expect(decode(Object.assign(Object.create(null), sampleMessages.leave)).type).toBe("message");
  });
});

describe("speaking for others", () => {
  const other = { ...sampleMessages.join.member, id: "b#2" } as const;
  const token = { epoch: 7, leader: "b#2" } as const;

  test.each(["join", "here", "halt", "acknowledge"] as const)("%s names its sender as the member", (type) => {
    expect(rejection({ ...sampleMessages[type], member: other })).toBe("malformed");
  });

  test.each(["halt", "withdraw", "announce"] as const)("%s names its sender's own campaign", (type) => {
    expect(rejection({ ...sampleMessages[type], campaign: token })).toBe("malformed");
  });

  test.each(["announce", "welcome", "broadcast", "digest", "resign", "removed"] as const)("%s names its sender's own tenure", (type) => {
    expect(rejection({ ...sampleMessages[type], token })).toBe("malformed");
  });
});

describe("a bounded look", () => {
  /** Whatever looks into it throws. */
  const untouchable: unknown = new Proxy(
    {},
    new Proxy(
      {},
      {
        get() {
          throw new Error("looked at");
        },
      },
    ),
  );

  test("what users send is not looked at", () => {
    expect(decode({ ...sampleMessages.aside, payload: untouchable }).type).toBe("message");
    expect(decode({ ...sampleMessages.call, request: untouchable }).type).toBe("message");
    expect(decode({ ...sampleMessages.welcome, sync: untouchable }).type).toBe("message");
    expect(decode({ ...sampleMessages.reply, result: { type: "value", value: untouchable } }).type).toBe("message");
    expect(decode({ ...sampleMessages.broadcast, entry: { type: "message", payload: untouchable } }).type).toBe("message");
  });

  test("an envelope that throws when it is looked at is no message, and throws nothing", () => {
    expect(rejection(untouchable)).toBe("malformed");
    expect(rejection({ ...sampleMessages.join, member: untouchable })).toBe("malformed");
    const trap = Object.defineProperty({ ...sampleMessages.leave }, "type", {
      enumerable: true,
      get() {
        throw new Error("looked at");
      },
    });
    expect(rejection(trap)).toBe("malformed");
  });

  test("a foreign frame of 64 MB is dropped at its first field", () => {
    const frame = { bytes: new Uint8Array(64 * 2 ** 20), gl: 1, from: untouchable };
    expect(rejection(frame)).toBe("malformed");
  });

  test("texts and lists have a longest", () => {
    expect(rejection({ ...sampleMessages.join, lists: "x".repeat(100_001) })).toBe("malformed");
    expect(rejection({ ...sampleMessages.missed, entries: new Array(100_001).fill(sampleMessages.missed.entries[0]) })).toBe("malformed");
  });
});
