/**
 * The options of `npm run explore`.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { configurations } from "./configurations.js";
import { type Budget, defaultOptions, type ExplorationOptions } from "./options.js";

export type Command = { readonly type: "help" | "list" } | { readonly type: "explore"; readonly options: ExplorationOptions };

/** The help text. */
export const usage = `Usage: npm run explore -- [options]

  --list                         name the configurations, and what each is for
  --config <name>                begin with one of them; what follows changes it
  --peers <n> --workers <n>      peers in all, and those of them that may not lead
  --joins <n>                    how many of them start during the run
  --from start|settled           begin with nobody, or with a cluster that has a leader
  --fenced, --heartbeat          with a fence and a census, or with neither
  --census yes|no                whether a newcomer can list who is alive
  --paths split|merged           no order between what is posted and what is sent, or one
  --answers late|at-once         when the fence says who holds it
  --backlog first|mixed          whether a realm that hung first takes in what waited
  --wall moving|still            whether the wall clock tells campaigns apart
  --epochs <n>                   elections that are followed; 0 for all
  --minutes <n>                  how long to look at most (15)

How often each of these may happen:
  --crashes --hangs --corpses --restarts --stops --hand-overs --partitions --losses --broadcasts --calls --early <n>`;

const counts = ["peers", "workers", "joins", "epochs", "minutes"] as const;

const budgetFlags = {
  crashes: "crashes",
  hangs: "hangs",
  corpses: "corpses",
  restarts: "restarts",
  stops: "stops",
  handOvers: "hand-overs",
  partitions: "partitions",
  losses: "losses",
  broadcasts: "broadcasts",
  calls: "calls",
  early: "early",
} as const satisfies { readonly [Name in keyof Budget]: string };

const isBudgetName = (name: string): name is keyof Budget => Object.hasOwn(budgetFlags, name);

function numberOf(flag: string, text: string): number {
  const number = Number(text);
  if (!Number.isFinite(number) || number < 0) throw new RangeError(`--${flag} takes a number, not "${text}".`);
  return number;
}

function choiceOf<T extends string>(flag: string, text: string, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === text);
  if (found === undefined) throw new RangeError(`--${flag} is one of ${choices.join(", ")}, not "${text}".`);
  return found;
}

/** Reads the arguments: a named configuration, and what is to be different. @throws Error that says what is wrong with them */
export function parseCommandLine(args: readonly string[]): Command {
  const text = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  const named = Object.fromEntries([...counts, ...Object.values(budgetFlags)].map((name) => [name, text]));
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...named,
      config: text,
      census: text,
      from: text,
      paths: text,
      answers: text,
      backlog: text,
      wall: text,
      fenced: flag,
      heartbeat: flag,
      list: flag,
      help: flag,
    },
  });
  if (values.help === true) return { type: "help" };
  if (values.list === true) return { type: "list" };
  const given = new Map(Object.entries(values).flatMap(([name, value]) => (typeof value === "string" ? [[name, value] as const] : [])));
  let options = baseOptions(given.get("config"));
  if (values.heartbeat === true) options = { ...options, fenced: false, census: false };
  if (values.fenced === true) options = { ...options, fenced: true, census: true };
  for (const name of counts) {
    const value = given.get(name);
    if (value !== undefined) options = { ...options, [name]: numberOf(name, value) };
  }
  for (const [name, spelled] of Object.entries(budgetFlags)) {
    const value = given.get(spelled);
    if (value !== undefined && isBudgetName(name))
      options = { ...options, budget: { ...options.budget, [name]: numberOf(spelled, value) } };
  }
  const census = given.get("census");
  const from = given.get("from");
  const paths = given.get("paths");
  const answers = given.get("answers");
  const backlog = given.get("backlog");
  const wall = given.get("wall");
  if (census !== undefined) options = { ...options, census: choiceOf("census", census, ["yes", "no"]) === "yes" };
  if (from !== undefined) options = { ...options, from: choiceOf("from", from, ["start", "settled"]) };
  if (paths !== undefined) options = { ...options, paths: choiceOf("paths", paths, ["split", "merged"]) };
  if (answers !== undefined) options = { ...options, answers: choiceOf("answers", answers, ["late", "at-once"]) };
  if (backlog !== undefined) options = { ...options, backlog: choiceOf("backlog", backlog, ["first", "mixed"]) };
  if (wall !== undefined) options = { ...options, wall: choiceOf("wall", wall, ["moving", "still"]) };
  return { type: "explore", options };
}

function baseOptions(name: string | undefined): ExplorationOptions {
  if (name === undefined) return defaultOptions;
  const found = configurations.get(name);
  if (found === undefined) throw new RangeError(`There is no configuration "${name}"; --list names them.`);
  return found.options;
}
