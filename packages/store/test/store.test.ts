/**
 * Stores of several peers: what callers and readers see of them.
 */
import { afterEach, expect, test } from "vitest";
import {
  type Change,
  CommandAbortedError,
  CommandTimeoutError,
  MissingCommandError,
  type Store,
  StoreClosedError,
  UncloneableValueError,
  UnsupportedStateError,
} from "../src/index.js";
import { createStores, type Stores } from "./stores.js";
import { type Tally, TooMuchError, tally } from "./tally.js";

let stores: Stores;
type Tallies = Store<Tally, typeof tally.commands>;

async function openTallies(count: number): Promise<readonly [Tallies, ...Tallies[]]> {
  stores = createStores();
  const first = await stores.open("tally", { ...tally, priority: 1 });
  const others: Tallies[] = [];
  for (let index = 1; index < count; index += 1) others.push(await stores.open("tally", tally));
  await Promise.all([first, ...others].map((store) => store.sync()));
  return [first, ...others];
}

afterEach(() => stores.closeAll());

/** Resolves with the first change of this copy that fits. */
function changeOf(store: Tallies, fits: (change: Change) => boolean): Promise<Change> {
  return new Promise((resolve) => {
    const end = store.subscribe((_state, change) => {
      if (!fits(change)) return;
      end();
      resolve(change);
    });
  });
}

test("a command runs once, wherever it is asked for, and its caller's copy has it when it is answered", async () => {
  const [leader, follower, other] = await openTallies(3);
  expect(await follower?.do.add(2)).toBe(2);
  expect(follower?.get().value).toBe(2);
  expect(await leader.do.add(3)).toBe(5);
  expect(leader.get().value).toBe(5);
  await other?.sync();
  expect(other?.get()).toEqual({ value: 5, names: [] });
  expect([leader, follower, other].map((store) => store?.status.phase)).toEqual(["leading", "following", "following"]);
  expect([leader, follower, other].map((store) => store?.status.position)).toEqual([2, 2, 2]);
});

test("with `replicated`, every candidate has a command when it is answered", async () => {
  const [leader, next, ...others] = await openTallies(4);
  await leader.do.add(1);
  stores.crash(leader);
  for (const store of others) stores.crash(store);
  await next?.sync();
  expect(next?.get().value).toBe(1);
});

test("a copy is the same object until it changes, and what did not change in it stays the same", async () => {
  const [leader, follower] = await openTallies(2);
  await leader.do.join("ada");
  for (const store of [leader, follower]) {
    const before = store?.get();
    expect(store?.get()).toBe(before);
    await leader.do.add(1);
    expect(store?.get()).not.toBe(before);
    expect(store?.get().names).toBe(before?.names);
  }
});

test("a command that refuses changes nothing, and its caller gets the error with its class, code and cause", async () => {
  const [leader, follower] = await openTallies(2);
  await leader.do.add(1000);
  const error = await follower?.do.add(1).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(TooMuchError);
  expect(error).toMatchObject({ name: "TooMuchError", message: "More than 1000.", code: "too-much", most: 1000 });
  expect(error instanceof TooMuchError && error.cause).toBeInstanceOf(RangeError);
  expect(follower?.get().value).toBe(1000);
  expect(follower?.status.position).toBe(1);
});

test("an asynchronous command keeps the next one waiting", async () => {
  const [leader, follower] = await openTallies(2);
  const answers = await Promise.all([follower?.do.addLater(1), follower?.do.add(1), leader.do.addLater(1)]);
  expect([...answers].sort()).toEqual([1, 2, 3]);
  expect(answers[0]).toBeLessThan(Number(answers[1]));
  expect(leader.get().value).toBe(3);
});

test("a transaction takes effect as a whole or not at all", async () => {
  const [, follower] = await openTallies(2);
  const change = follower && changeOf(follower, () => true);
  const values = await follower?.transaction((plan) => [plan.add(1), plan.join("ada"), plan.addLater(2)]);
  expect(values).toEqual([1, ["ada"], 3]);
  expect(await change).toMatchObject({ type: "committed", position: 1, commands: ["add", "join", "addLater"] });
  await expect(follower?.transaction((plan) => [plan.join("bob"), plan.add(1000)])).rejects.toBeInstanceOf(TooMuchError);
  expect(follower?.get()).toEqual({ value: 3, names: ["ada"] });
});

test("commands may return parts of their draft, however deep, and may be asynchronous", async () => {
  stores = createStores();
  const store = await stores.open("items", {
    initial: {
      items: [
        { id: 1, done: true },
        { id: 2, done: false },
      ],
      tags: new Map([["a", new Set([1])]]),
    },
    commands: {
      find: (draft) => ({ done: draft.items.filter(({ done }) => done), all: new Map([["all", draft.items]]) }),
      tags(draft) {
        draft.tags.get("a")?.add(2);
        return { tags: [draft.tags] };
      },
      async findLater(draft) {
        await Promise.resolve();
        draft.items.push({ id: 3, done: true });
        return draft.items.filter(({ done }) => done);
      },
      async refuse(draft) {
        await Promise.resolve();
        return () => draft.items;
      },
      put: (draft, value: unknown) => void Reflect.set(draft, "odd", value),
      take: (draft) => Reflect.set(draft, "odd", () => draft),
    },
  });
  const first = { id: 1, done: true };
  expect(await store.do.find()).toEqual({ done: [first], all: new Map([["all", [first, { id: 2, done: false }]]]) });
  expect(await store.do.tags()).toEqual({ tags: [new Map([["a", new Set([1, 2])]])] });
  expect(await store.do.findLater()).toEqual([first, { id: 3, done: true }]);
  await expect(store.do.refuse()).rejects.toBeInstanceOf(UncloneableValueError);
  await expect(store.do.take()).rejects.toBeInstanceOf(UncloneableValueError);
  await store.do.put(new Map([[{ key: 1 }, 1]]));
  expect(store.get().items).toHaveLength(3);
});

test("a change that the peers cannot have the same of is refused", async () => {
  stores = createStores();
  const store = await stores.open("sets", {
    initial: { members: new Set([{ id: 1 }]), byKey: new Map([[{ id: 1 }, "one"]]) },
    commands: {
      clear: (draft) => draft.members.clear(),
      rename(draft) {
        for (const key of [...draft.byKey.keys()]) draft.byKey.set(key, "two");
      },
    },
  });
  await expect(store.do.clear()).rejects.toBeInstanceOf(UnsupportedStateError);
  await expect(store.do.rename()).rejects.toMatchObject({ code: "unsupported-state" });
  expect(store.get().members.size).toBe(1);
});

test("every peer has the same of a state, the leader's own classes and objects included", async () => {
  class User {
    constructor(public name: string) {}
  }
  stores = createStores();
  const options = {
    initial: { user: new User("ada"), at: new Date(0) },
    commands: {
      rename(draft: { user: { name: string } }, name: string) {
        draft.user.name = name;
      },
      replace(draft: { user: { name: string } }, name: string) {
        draft.user = new User(name);
      },
    },
  };
  const [leader, follower] = [await stores.open("users", options), await stores.open("users", options)];
  await leader.do.rename("bob");
  await leader.do.replace("eve");
  await leader.do.rename("dan");
  await follower.sync();
  expect(options.initial.user.name).toBe("ada");
  for (const store of [leader, follower]) expect(store.get()).toEqual({ user: { name: "dan" }, at: new Date(0) });
});

test("a state that cannot be shared is refused when the store is opened", async () => {
  stores = createStores();
  const commands = {};
  await expect(stores.open("odd", { initial: { run: () => 1 }, commands })).rejects.toMatchObject({
    code: "uncloneable-value",
    path: ".run",
  });
  await expect(stores.open("odd", { initial: new Date(), commands })).rejects.toMatchObject({ code: "unsupported-state" });
});

test("a command that the leader does not have is refused by a typed error", async () => {
  stores = createStores();
  const old = await stores.open("releases", { initial: { value: 0 }, commands: {} });
  await old.sync();
  const next = await stores.open("releases", {
    initial: { value: 0 },
    commands: {
      add(draft, by: number) {
        draft.value += by;
      },
    },
  });
  const error = await next.do.add(1).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(MissingCommandError);
  expect(error).toMatchObject({ code: "missing-command", command: "add" });
});

test("what cannot be sent is refused at the call, with its path", async () => {
  stores = createStores();
  const store = await stores.open("anything", {
    initial: { values: [] as unknown[] },
    commands: { put: (draft, value: unknown) => draft.values.push(value) },
  });
  const error = await store.do.put({ deep: [() => 1] }).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(UncloneableValueError);
  expect(error).toMatchObject({ code: "uncloneable-value", path: "[0].deep[0]" });
  await expect(store.transaction((plan) => [plan.put(1), plan.put(() => 2)])).rejects.toMatchObject({ path: "[1][0]" });
  await store.sync();
  expect(store.get().values).toEqual([]);
});

test("a command that only reads makes no commit", async () => {
  const [, follower] = await openTallies(2);
  await follower?.do.add(4);
  expect(await follower?.do.read()).toBe(4);
  expect(follower?.status.position).toBe(1);
});

test("a command whose leader dies after the others have it gets its first result, and takes effect once", async () => {
  stores = createStores();
  let runs = 0;
  let afterRun = (): void => undefined;
  const counting = {
    initial: { value: 0 },
    commands: {
      add(draft: { value: number }, by: number) {
        runs += 1;
        // When it has been broadcast, and nobody has acknowledged it.
        queueMicrotask(() => queueMicrotask(afterRun));
        draft.value += by;
        return { value: draft.value, run: runs };
      },
    },
  };
  const leader = await stores.open("counting", { ...counting, priority: 1 });
  const [caller, other] = [await stores.open("counting", counting), await stores.open("counting", counting)];
  await caller.do.add(1);
  afterRun = () => stores.crash(leader);
  expect(await caller.do.add(10)).toEqual({ value: 11, run: 2 });
  afterRun = () => undefined;
  expect(runs).toBe(2);
  expect(await other.do.add(100)).toEqual({ value: 111, run: 3 });
});

test("a leader that hands over finishes what is under way, and the next goes on", async () => {
  const [leader, caller, other] = await openTallies(3);
  const before = [leader, caller, other].map((store) => store?.do.add(1));
  const handedOver = leader.stepDown();
  const after = [leader, caller, other].map((store) => store?.do.add(1));
  await handedOver;
  const values = await Promise.all([...before, ...after]);
  expect(values.map(Number).sort()).toEqual([1, 2, 3, 4, 5, 6]);
  expect(leader.status.phase).toBe("following");
});

test("a command whose leader dies before it has it is asked of the next", async () => {
  const [leader, caller] = await openTallies(3);
  const answer = caller?.do.add(1);
  stores.crash(leader);
  expect(await answer).toBe(1);
  expect(caller?.get().value).toBe(1);
});

test("a command that is asked again is asked for what it was at first", async () => {
  stores = createStores();
  const notes = {
    initial: { notes: [] as unknown[] },
    commands: { put: (draft: { notes: unknown[] }, note: unknown) => draft.notes.push(note) },
  };
  const leader = await stores.open("notes", { ...notes, priority: 1 });
  const caller = await stores.open("notes", notes);
  await caller.sync();
  const note = { text: "as it was" };
  const answer = caller.do.put(note);
  stores.crash(leader);
  note.text = "as it is";
  expect(await answer).toBe(1);
  expect(caller.get().notes).toEqual([{ text: "as it was" }]);
});

test("who opens later takes over what the others have, and is told so", async () => {
  const [leader] = await openTallies(1);
  await leader.do.join("ada");
  const late = await stores.open("tally", tally);
  const told: Change[] = [];
  late.subscribe((_state, change) => told.push(change));
  const { position } = late.status;
  await late.sync();
  // It may have been told before anybody could listen.
  expect(told).toEqual(position === 1 ? [] : [{ type: "replaced", position: 1, hasLost: false, lost: [] }]);
  expect(late.get().names).toEqual(["ada"]);
  await leader.do.add(1);
  await late.sync();
  expect(late.get().value).toBe(1);
});

test("a selection is told of its own part alone", async () => {
  const [leader] = await openTallies(1);
  const names = leader.select(({ names: all }) => all.length);
  const seen: (readonly [number, number])[] = [];
  const end = names.subscribe((now, before) => seen.push([now, before]));
  await leader.do.add(1);
  await leader.do.join("ada");
  end();
  await leader.do.join("bob");
  expect(seen).toEqual([[1, 0]]);
  expect(names.get()).toBe(2);
});

test("a selection keeps its value while it is equal", async () => {
  const [leader] = await openTallies(1);
  const doubled = leader.select(
    ({ names }) => names.map((name) => name + name),
    (a, b) => a.join() === b.join(),
  );
  const before = doubled.get();
  await leader.do.add(1);
  expect(doubled.get()).toBe(before);
});

test("changes are told in order, until the loop is left or the store is closed", async () => {
  const [leader, follower] = await openTallies(2);
  const positions: number[] = [];
  const loop = (async () => {
    for await (const { position } of follower?.changes() ?? []) positions.push(position);
  })();
  for (const by of [1, 2, 3]) await leader.do.add(by);
  await follower?.sync();
  await follower?.close();
  await loop;
  expect(positions).toEqual([1, 2, 3]);
  expect(follower?.status.phase).toBe("closed");
});

test("a listener that throws keeps the change from nobody, and the logger hears of it", async () => {
  stores = createStores();
  const errors: unknown[] = [];
  const silent = () => undefined;
  const logger = { debug: silent, info: silent, warn: silent, error: (_text: string, error: unknown) => errors.push(error) };
  const leader = await stores.open("tally", { ...tally, logger });
  const seen: number[] = [];
  leader.subscribe(() => {
    throw new Error("a bug of a listener");
  });
  leader.subscribe(({ value }) => seen.push(value));
  await leader.do.add(1);
  expect(seen).toEqual([1]);
  expect(errors).toEqual([new Error("a bug of a listener")]);
});

test("a caller that gives up is told what is known of its command", async () => {
  const [, caller] = await openTallies(2);
  const aborter = new AbortController();
  const reason = new Error("no longer wanted");
  aborter.abort(reason);
  await expect(caller?.doWith({ signal: aborter.signal }).add(1)).rejects.toMatchObject({
    name: CommandAbortedError.name,
    outcome: "not-started",
    cause: reason,
  });
  await caller?.close();
  await expect(caller?.do.add(1)).rejects.toMatchObject({ name: StoreClosedError.name, outcome: "not-started" });
});

test("a caller that waits no longer is told whether its command may have begun", async () => {
  stores = createStores();
  let release = (): void => undefined;
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  let begin = (): void => undefined;
  const begins = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const store = await stores.open("gated", {
    initial: { passed: 0 },
    commands: {
      async pass(draft) {
        begin();
        await gate;
        draft.passed += 1;
      },
    },
  });
  await store.sync();
  const begun = store.doWith({ timeoutMs: 500 }).pass();
  begun.catch(() => undefined);
  await begins;
  const behindIt = store.doWith({ timeoutMs: 1 }).pass();
  await expect(behindIt).rejects.toMatchObject({ outcome: "not-started" });
  await expect(begun).rejects.toMatchObject({
    name: CommandTimeoutError.name,
    code: "command-timeout",
    outcome: "unknown",
    timeoutMs: 500,
  });
  release();
  await store.sync();
  expect(store.get().passed).toBe(1);
});

test("a caller whose own peer does not get what its answer tells of waits as long as it said", async () => {
  const isPiece = (frame: object): boolean => JSON.stringify(frame).includes('"pieces"');
  stores = createStores((frame) => (isPiece(frame) ? "lost" : undefined));
  const leader = await stores.open("tally", tally);
  // Too much for what a leader tells everybody.
  await leader.do.join("x".repeat(50_000));
  const behind = await stores.open("tally", { ...tally, role: "worker" });
  await leader.do.add(1);
  const waiting = behind.doWith({ timeoutMs: 100 }).add(2);
  await expect(waiting).rejects.toMatchObject({ code: "command-timeout", outcome: "unknown", timeoutMs: 100 });
  const aborter = new AbortController();
  const synced = behind.sync({ signal: aborter.signal, timeoutMs: Infinity });
  await leader.do.add(4);
  aborter.abort(new Error("enough"));
  await expect(synced).rejects.toMatchObject({ code: "command-aborted", cause: { message: "enough" } });
  expect([behind.status.phase, behind.get().value, leader.get().value]).toEqual(["catching-up", 0, 7]);
});

test("a linearizable read follows sync", async () => {
  const [leader, writer, reader] = await openTallies(3);
  await writer?.doWith({ durability: "leader" }).add(5);
  await reader?.sync();
  expect(reader?.get().value).toBe(5);
  await writer?.do.add(5);
  stores.crash(leader);
  await reader?.sync();
  expect(reader?.get().value).toBe(10);
});
