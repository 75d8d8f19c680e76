/**
 * What records make when they are read again.
 */
import type { PeerId, Token } from "gen-leader";
import { describe, expect, test } from "vitest";
import { blankReplica, type Commit } from "../../src/replica.js";
import { restore, sealCommits, sealReplica } from "../../src/storage/records.js";

interface Count {
  readonly value: number;
}

const tokenOf = (epoch: number): Token => ({ epoch, leader: "peer#1" as PeerId });

function commit(position: number, epoch = 1): Commit {
  const origin = { client: `client-${epoch}`, number: position, answered: position, seen: { position: 0, token: null } };
  const patches: Commit["patches"] = [{ op: "replace", path: ["value"], value: 10 * epoch + position }];
  return { position, token: tokenOf(epoch), origin, commands: ["set"], patches, values: [], durability: "persisted" };
}

const base = [...sealReplica({ replica: blankReplica<Count>({ value: 0 }), version: 7 }, 1000)];
const read = (log: readonly unknown[]) => restore<Count>({ base, log }, null);

describe("commits", () => {
  test("make what they made, many in one record or each in its own, those that were written twice once", () => {
    const log = [sealCommits([commit(1), commit(2)]), sealCommits([commit(2), commit(3)]), sealCommits([commit(4, 2)])];
    expect(read(log)).toMatchObject({ version: 7, dropped: 0, replica: { position: 4, state: { value: 24 } } });
  });

  test("after one that is missing are of no use", () => {
    expect(read([sealCommits([commit(1)]), sealCommits([commit(3)]), sealCommits([commit(4)])])).toMatchObject({
      dropped: 2,
      replica: { position: 1 },
    });
  });

  test("of another history at the place of one that is there are of no use", () => {
    expect(read([sealCommits([commit(1), commit(2)]), sealCommits([commit(2, 2), commit(3, 2)])])).toMatchObject({
      dropped: 1,
      replica: { position: 2, state: { value: 12 } },
    });
  });

  test("whose checksum does not fit, or that are something else, are of no use", () => {
    const torn = { ...sealCommits([commit(2)]), sum: 1 };
    for (const record of [torn, null, {}, "text", ...base])
      expect(read([sealCommits([commit(1)]), record, sealCommits([commit(2)])])).toMatchObject({ dropped: 2, replica: { position: 1 } });
  });
});

test("a copy of which a part is missing, or torn, is none", () => {
  const pieces = [
    ...sealReplica(
      { replica: blankReplica<object>(Object.fromEntries(Array.from({ length: 50 }, (_, key) => [key, "x".repeat(50)]))), version: 0 },
      500,
    ),
  ];
  expect(pieces.length).toBeGreaterThan(4);
  expect(restore({ base: pieces, log: [] }, null)?.dropped).toBe(0);
  expect(restore({ base: [], log: [] }, null)).toBe(null);
  for (let index = 0; index < pieces.length; index += 1) {
    expect(restore({ base: pieces.toSpliced(index, 1), log: [] }, null), `without ${index}`).not.toEqual(
      restore({ base: pieces, log: [] }, null),
    );
    expect(restore({ base: pieces.with(index, { ...Object(pieces[index]), sum: 0 }), log: [] }, null)).toBe(null);
  }
});
