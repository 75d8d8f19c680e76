/**
 * One command of a story: a verb, words, and options written `name=value`.
 */
export interface Command {
  readonly verb: string;
  readonly words: readonly string[];
  readonly options: ReadonlyMap<string, string>;
  /** Everything after the verb, as it stands. */
  readonly rest: string;
}

export function parseCommand(line: string): Command {
  const [verb = "", ...parts] = line.split(/\s+/);
  const words: string[] = [];
  const options = new Map<string, string>();
  for (const part of parts) {
    const [, name, value] = /^([a-zA-Z-]+)=(.*)$/.exec(part) ?? [];
    if (name === undefined || value === undefined) words.push(part);
    else options.set(name, value);
  }
  return { verb, words, options, rest: line.slice(verb.length).trim() };
}

/** A number that a story gives. @throws if it is none */
export function numberOf(text: string | undefined): number {
  const number = Number(text);
  if (text === undefined || text === "" || Number.isNaN(number)) throw new Error(`"${text}" is no number`);
  return number;
}
