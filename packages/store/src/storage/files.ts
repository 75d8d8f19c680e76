/**
 * A storage in files, for Node: a directory for each store, a file for each write. Writes are numbered, and a file that is there is never
 * written again, so that the second of two that want one number is told: this is how a leader that was deposed is kept out.
 *
 * `<number>.write` is a write: the token, the note, and a record or the name of a base. `<name>.base` is a base, which counts when a write
 * names it. Both are parts one after another, each behind its length and its checksum.
 *
 * @module
 */
import { type FileHandle, link, mkdir, open, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { deserialize, serialize } from "node:v8";
import { crc32 } from "node:zlib";
import { compareTokens, type Token } from "gen-leader";
import { createPersistence } from "./keeper.js";
import type { Persistence } from "./persistence.js";
import type { Kept, RecordStorage } from "./port.js";

/** One write, as it is in its file. */
interface Write {
  readonly token: Token;
  readonly note: unknown;
  readonly record: object | null;
  /** The base that counts from here on, and the number of the first write whose record comes after it. */
  readonly base: { readonly file: string; readonly first: number } | null;
}

interface NumberedWrite extends Write {
  readonly number: number;
}

/**
 * Keeps stores in files below `directory`, which is made if it is not there: on Node, on all threads of a process. A write is done when the disk has it.
 */
export function files(directory: string): Persistence {
  return createPersistence((name) => createFileStorage(join(directory, name)));
}

/** The storage of one store, in a directory of its own. */
export function createFileStorage(directory: string): RecordStorage {
  /** What was asked for last, when it is done. */
  let last: Promise<unknown> = mkdir(directory, { recursive: true });
  let bases = 0;

  /** Does one thing after the other. */
  function inTurn<R>(run: () => Promise<R>): Promise<R> {
    const result = last.then(run);
    last = result.catch(() => undefined);
    return result;
  }

  /** Adds a write under the next number, made of the last one, unless that is of a larger token. Resolves to the last one. */
  async function add(
    token: Token,
    make: (before: NumberedWrite | null) => Omit<Write, "token">,
  ): Promise<{ readonly number: number; readonly before: Write | null } | null> {
    for (;;) {
      const before = await lastWrite(directory);
      if (before !== null && compareTokens(token, before.token) < 0) return null;
      const number = (before?.number ?? 0) + 1;
      if (await publish(directory, number, { token, ...make(before) })) return { number, before };
      // Somebody else was first: it may be of a larger token.
    }
  }

  return {
    read: (part) => inTurn(() => readAll(directory, part)),
    async claim(token) {
      const added = await inTurn(() => add(token, (before) => ({ note: before?.note ?? null, record: null, base: null })));
      return added === null ? null : { note: added.before?.note ?? null };
    },
    async append(token, record, note) {
      return (await inTurn(() => add(token, () => ({ note, record, base: null })))) !== null;
    },
    async replace(token, base, note) {
      // A write of its own, so that it is known from where on appends stay.
      const begun = await inTurn(() => add(token, (before) => ({ note: before?.note ?? null, record: null, base: null })));
      if (begun === null) return false;
      bases += 1;
      const file = `${begun.number}-${bases}.base`;
      await writeWhole(join(directory, file), framed(base));
      const named = { file, first: begun.number };
      const added = await inTurn(() => add(token, (before) => ({ note: note ?? before?.note ?? null, record: null, base: named })));
      if (added === null) await rm(join(directory, file), { force: true });
      else await inTurn(() => sweep(directory, added.number, named));
      return added !== null;
    },
    async close() {
      await inTurn(() => Promise.resolve());
    },
  };
}

/** Writes a file as a whole under a name that nobody has yet. False if somebody has. */
async function publish(directory: string, number: number, write: Write): Promise<boolean> {
  const target = join(directory, nameOf(number));
  const draft = `${target}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  await writeWhole(draft, framed([write]));
  try {
    await link(draft, target);
  } catch (error) {
    if (isNodeError(error, "EEXIST")) return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
  await syncDirectory(directory);
  // A number that was free because what had it was swept away: others are ahead.
  return (await numbersIn(directory)).at(-1) === number;
}

const headLength = 8;

function* framed(parts: Iterable<object>): Generator<Uint8Array, void> {
  for (const part of parts) {
    const bytes = serialize(part);
    const head = Buffer.alloc(headLength);
    head.writeUInt32LE(bytes.length);
    head.writeUInt32LE(crc32(bytes), headLength / 2);
    yield head;
    yield bytes;
  }
}

/** The parts of a file; where one is torn, `null` in its place, and nothing after it. */
function unframed(bytes: Buffer): readonly unknown[] {
  const parts: unknown[] = [];
  for (let at = 0; at < bytes.length; ) {
    if (at + headLength > bytes.length) return [...parts, null];
    const end = at + headLength + bytes.readUInt32LE(at);
    const part = bytes.subarray(at + headLength, end);
    if (end > bytes.length || crc32(part) !== bytes.readUInt32LE(at + headLength / 2)) return [...parts, null];
    parts.push(deserialize(part));
    at = end;
  }
  return parts;
}

/** Writes a file, and waits until the disk has it. */
async function writeWhole(path: string, chunks: Iterable<Uint8Array>): Promise<void> {
  const file = await open(path, "w");
  try {
    for (const chunk of chunks) await writeChunk(file, chunk);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function writeChunk(file: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let done = 0; done < chunk.length; ) done += (await file.write(chunk, done)).bytesWritten;
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

function nameOf(number: number): string {
  return `${String(number).padStart(15, "0")}.write`;
}

/** The numbers of all writes that are there, in order. */
async function numbersIn(directory: string): Promise<readonly number[]> {
  const names = await readdir(directory);
  return names
    .filter((name) => /^\d+\.write$/.test(name))
    .map((name) => Number.parseInt(name, 10))
    .sort((one, other) => one - other);
}

/** The parts of a file; none if it is not there. */
async function readParts(path: string): Promise<readonly unknown[]> {
  try {
    return unframed(await readFile(path));
  } catch (error) {
    if (isNodeError(error, "ENOENT")) return [];
    throw error;
  }
}

/** One write; `null` if its file is torn, or gone. */
async function readWrite(directory: string, number: number): Promise<Write | null> {
  const [write = null] = await readParts(join(directory, nameOf(number)));
  // What has its checksum is what was written.
  return write as Write | null;
}

/** The last write that can be read, under the number of the last that is there. */
async function lastWrite(directory: string): Promise<NumberedWrite | null> {
  const numbers = await numbersIn(directory);
  const number = numbers.at(-1);
  if (number === undefined) return null;
  for (const other of numbers.toReversed()) {
    const write = await readWrite(directory, other);
    if (write !== null) return { ...write, number };
  }
  return null;
}

async function readAll(directory: string, part: "all" | "log"): Promise<Kept> {
  const found: { readonly number: number; readonly write: Write | null }[] = [];
  for (const number of await numbersIn(directory)) found.push({ number, write: await readWrite(directory, number) });
  const writes = found.flatMap(({ write }) => write ?? []);
  const last = writes.at(-1);
  const base = writes.findLast((write) => write.base !== null)?.base ?? null;
  const log: unknown[] = [];
  for (const { number, write } of found) {
    if (number < (base?.first ?? 0)) continue;
    // In the place of a torn write stands something that nobody can read: what comes after it is of no use.
    if (write === null) log.push(null);
    else if (write.record !== null) log.push(write.record);
  }
  return {
    token: last?.token ?? null,
    note: last?.note ?? null,
    base: base === null || part === "log" ? [] : await readParts(join(directory, base.file)),
    log,
  };
}

/** Removes what a base stands for, the oldest first: whatever is left at any moment is whole. */
async function sweep(directory: string, naming: number, { file, first }: { readonly file: string; readonly first: number }): Promise<void> {
  for (const number of await numbersIn(directory))
    if (number < Math.min(first, naming)) await rm(join(directory, nameOf(number)), { force: true });
  for (const name of await readdir(directory))
    if (name.endsWith(".base") && name !== file) await rm(join(directory, name), { force: true });
}

function isNodeError(error: unknown, code?: string): error is NodeJS.ErrnoException {
  return error instanceof Error && "code" in error && (code === undefined || error.code === code);
}
