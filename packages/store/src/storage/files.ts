/**
 * A storage in files, for Node: a directory for each store, and in it a file for each slot (`<number>.slot`) and base (`<number>.base`), which hold
 * values one after another, each behind its length and its checksum.
 *
 * @module
 */
import { type FileHandle, link, mkdir, open, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { deserialize, serialize } from "node:v8";
import { crc32 } from "node:zlib";
import { createPersistence } from "./keeper.js";
import type { Persistence } from "./persistence.js";
import type { RecordStorage } from "./port.js";
import { createSlotStorage, type Slots, type Write } from "./slots.js";

/**
 * Keeps stores in files below `directory`, which is made if it is not there: on Node, for all threads of a process. A write is done when the disk has it.
 */
export function files(directory: string): Persistence {
  return createPersistence((name) => createFileStorage(join(directory, name)));
}

/** The storage of one store, in a directory of its own. */
export function createFileStorage(directory: string): RecordStorage {
  return createSlotStorage(createSlots(directory));
}

function createSlots(directory: string): Slots {
  const pathOf = (kind: "slot" | "base", number: number): string => join(directory, `${String(number).padStart(15, "0")}.${kind}`);
  const made = mkdir(directory, { recursive: true });
  // Whoever writes hears of it.
  made.catch(() => undefined);

  /** The numbers of all files of a kind, in order. */
  async function numbers(kind: "slot" | "base" = "slot"): Promise<readonly number[]> {
    await made;
    const names = await readdir(directory);
    return names
      .flatMap((name) => (/^\d+\.(?:slot|base)$/.test(name) && name.endsWith(kind) ? [Number.parseInt(name, 10)] : []))
      .sort((one, other) => one - other);
  }

  /** What a slot holds; `null` if its file is torn, or gone. */
  async function readSlot(number: number): Promise<Write | null> {
    const [write = null] = await readValues(pathOf("slot", number));
    // What has its checksum is what was written.
    return write as Write | null;
  }

  return {
    async write(number, value) {
      await made;
      const path = pathOf("slot", number);
      const draft = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}`;
      await writeValues(draft, [value]);
      try {
        // Under a name that nobody has yet, all at once.
        await link(draft, path);
      } catch (error) {
        if (isNodeError(error, "EEXIST")) return "taken";
        throw error;
      } finally {
        await rm(draft, { force: true });
      }
      await syncDirectory(directory);
      return (await numbers()).at(-1) === number ? "last" : "overtaken";
    },
    async read(from) {
      const found: [number, Write | null][] = [];
      for (const number of await numbers()) if (number >= from) found.push([number, await readSlot(number)]);
      return found;
    },
    async last() {
      const all = await numbers();
      const number = all.at(-1);
      if (number === undefined) return null;
      for (const other of all.toReversed()) {
        const write = await readSlot(other);
        if (write !== null) return { number, write };
      }
      return null;
    },
    writeBase: (number, records) => writeValues(pathOf("base", number), records),
    readBase: (number) => readValues(pathOf("base", number)),
    async sweep(below) {
      for (const kind of ["slot", "base"] as const)
        for (const number of await numbers(kind)) if (number < below) await rm(pathOf(kind, number), { force: true });
    },
    removeBase: (number) => rm(pathOf("base", number), { force: true }),
    has: async (number) => (await readSlot(number)) !== null,
    loss: () => null,
    close: () => Promise.resolve(),
  };
}

const headLength = 8;

/** Writes a file, and waits until the disk has it. */
async function writeValues(path: string, values: Iterable<object>): Promise<void> {
  const file = await open(path, "w");
  try {
    for (const value of values) {
      const bytes = serialize(value);
      const head = Buffer.alloc(headLength);
      head.writeUInt32LE(bytes.length);
      head.writeUInt32LE(crc32(bytes), headLength / 2);
      await writeBytes(file, head);
      await writeBytes(file, bytes);
    }
    await file.sync();
  } finally {
    await file.close();
  }
}

async function writeBytes(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length; ) done += (await file.write(bytes, done)).bytesWritten;
}

/** The values of a file, none if it is not there; where one is torn, `null` in its place, and nothing after it. */
async function readValues(path: string): Promise<readonly unknown[]> {
  const bytes = await readFile(path).catch((error: unknown) => {
    if (isNodeError(error, "ENOENT")) return Buffer.alloc(0);
    throw error;
  });
  const values: unknown[] = [];
  for (let at = 0; at < bytes.length; ) {
    if (at + headLength > bytes.length) return [...values, null];
    const end = at + headLength + bytes.readUInt32LE(at);
    const value = bytes.subarray(at + headLength, end);
    if (end > bytes.length || crc32(value) !== bytes.readUInt32LE(at + headLength / 2)) return [...values, null];
    values.push(deserialize(value));
    at = end;
  }
  return values;
}

/** A new name in a directory is there after a power cut only when the directory was written as well. */
async function syncDirectory(directory: string): Promise<void> {
  // Windows opens no directories, and needs none of this.
  if (process.platform === "win32") return;
  const handle = await open(directory, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function isNodeError(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
