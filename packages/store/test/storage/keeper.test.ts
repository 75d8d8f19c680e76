/**
 * A leader's storage in its tenure: taken from the last one, and not written once it is another's.
 */
import type { PeerId, Token } from "gen-leader";
import { expect, test } from "vitest";
import { defaultStoreLimits } from "../../src/limits.js";
import { applied, blankReplica, type Commit, type Replica } from "../../src/replica.js";
import { createPersistence } from "../../src/storage/keeper.js";
import { createMemoryStorages } from "../../src/storage/memory.js";
import type { StorageReport } from "../../src/storage/persistence.js";
import type { RecordStorage } from "../../src/storage/port.js";

interface Count {
  readonly value: number;
}

const tokenOf = (epoch: number): Token => ({ epoch, leader: "peer#1" as PeerId });

function commit(position: number, token: Token): Commit {
  const origin = { client: "client", number: position, answered: position, seen: { position: 0, token: null } };
  return {
    position,
    token,
    origin,
    commands: ["set"],
    patches: [{ op: "replace", path: ["value"], value: position }],
    values: [],
    durability: "persisted",
  };
}

/** A keeper, and the next thing that it reports. */
function keeperOver(storage: RecordStorage, limits = defaultStoreLimits) {
  const keeper = createPersistence(() => storage, limits).open<Count>("count", {
    release: { version: 0, migrate: () => ({ value: 0 }) },
    logger: undefined,
  });
  const reports: StorageReport[] = [];
  let wake = (): void => undefined;
  return {
    keeper,
    reports,
    takeOver: (token: Token, own: Replica<Count> = blankReplica({ value: 0 })) =>
      keeper.takeOver(token, {
        own,
        after: () => null,
        isInStep: true,
        report(report) {
          reports.push(report);
          wake();
        },
      }),
    async reported(count: number): Promise<void> {
      while (reports.length < count)
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    },
  };
}

test("whoever was deposed is told of nothing that is stored, and asks for nothing more", async () => {
  const storages = createMemoryStorages();
  const asked: string[] = [];
  const storage = storages("count");
  const old = keeperOver({
    ...storage,
    append(...given) {
      asked.push("append");
      return storage.append(...given);
    },
  });
  await old.takeOver(tokenOf(1));
  await old.reported(1);
  const next = keeperOver(storages("count"));
  await next.takeOver(tokenOf(2));
  await next.reported(1);
  const [one, two] = [commit(1, tokenOf(1)), commit(2, tokenOf(1))];
  const first = applied(blankReplica<Count>({ value: 0 }), one);
  old.keeper.keep(one, first);
  await old.keeper.close();
  old.keeper.keep(two, applied(first, two));
  await old.keeper.close();
  expect([old.reports.length, asked]).toEqual([1, ["append"]]);
  expect(await next.keeper.read()).toMatchObject({ epoch: 2, replica: { position: 0 } });
});

test("what is damaged is written anew by whoever takes it over", async () => {
  const storage = createMemoryStorages()("count");
  const first = keeperOver(storage);
  await first.takeOver(tokenOf(1));
  await first.reported(1);
  let replaced = 0;
  const damaged: RecordStorage = {
    ...storage,
    async claim(token) {
      const claim = await storage.claim(token);
      return claim === null ? null : { ...claim, isDamaged: true };
    },
    replace(...given) {
      replaced += 1;
      return storage.replace(...given);
    },
  };
  const next = keeperOver(damaged);
  await next.takeOver(tokenOf(2));
  await next.reported(1);
  expect(replaced).toBe(1);
});

test("what is closed asks its storage for nothing more, not even while a base is being written", async () => {
  const storage = createMemoryStorages()("count");
  const told: string[] = [];
  let go = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    go = resolve;
  });
  let replaced = 0;
  const slow: RecordStorage = {
    ...storage,
    async replace(...given) {
      replaced += 1;
      if (replaced > 1) await held;
      const isDone = await storage.replace(...given);
      told.push("replaced");
      return isDone;
    },
    async close() {
      told.push("closed");
    },
  };
  const { keeper, takeOver, reported } = keeperOver(slow, { ...defaultStoreLimits, log: 1 });
  await takeOver(tokenOf(1));
  await reported(1);
  const one = commit(1, tokenOf(1));
  keeper.keep(one, applied(blankReplica<Count>({ value: 0 }), one));
  await reported(2);
  const closed = keeper.close();
  go();
  await closed;
  expect(told).toEqual(["replaced", "replaced", "closed"]);
});
