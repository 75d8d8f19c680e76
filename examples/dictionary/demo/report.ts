/**
 * What the demo prints: a story for a person, or one line for a machine.
 *
 * @module
 */
import { styleText } from "node:util";
import type { Token } from "gen-leader";
import type { Journal } from "./journal.js";
import { callsInFlight, type RoundResult } from "./round.js";

type Style = Parameters<typeof styleText>[0];

/** What `--json` prints as its last line. */
export interface Summary {
  readonly threads: number;
  readonly rounds: number;
  /** Writes that were answered. */
  readonly acknowledged: number;
  /** Acknowledged writes that some peer lacked afterwards. */
  readonly lost: number;
  /** Who led, first to last. */
  readonly leaders: readonly string[];
  readonly failoverMs: { readonly median: number; readonly min: number; readonly max: number };
}

/** The figures of the whole run. */
export function summarize(threads: number, firstLeader: string, rounds: readonly RoundResult[], journal: Journal): Summary {
  const sorted = rounds.map((round) => round.failoverMs).sort((a, b) => a - b);
  return {
    threads,
    rounds: rounds.length,
    acknowledged: journal.acknowledged,
    lost: journal.lost,
    leaders: [firstLeader, ...rounds.map((round) => round.elected)],
    failoverMs: { median: rounded(median(sorted)), min: rounded(sorted[0] ?? 0), max: rounded(sorted.at(-1) ?? 0) },
  };
}

function median(sorted: readonly number[]): number {
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}

function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000;
}

/** Tells a person what happens, line by line. */
export interface Narrator {
  begin(threads: number): void;
  firstElection(leader: string, token: Token, electedMs: number, agreedMs: number, threads: number): void;
  round(number: number, result: RoundResult, journal: Journal): void;
  end(summary: Summary, faults: readonly string[]): void;
}

/** A narrator for a terminal. `colour` is for terminals that show it. */
export function createNarrator(print: (line: string) => void, colour: boolean): Narrator {
  const paint = (style: Style, text: string) => (colour ? styleText(style, text) : text);
  const name = (text: string) => paint("cyan", text);
  const leaderName = (text: string) => paint(["bold", "yellow"], text);
  const time = (milliseconds: number) => paint("bold", `${milliseconds.toFixed(2)} ms`);
  const line = (label: string, text: string) => print(`  ${paint("dim", label.padEnd(10))}${text}`);

  return {
    begin(threads) {
      print("");
      print(`${paint("bold", "One dictionary")} in ${threads} worker threads of Node ${process.versions.node}`);
      print("");
    },
    firstElection(leader, token, electedMs, agreedMs, threads) {
      line(
        "elected",
        `${leaderName(leader)}  epoch ${token.epoch}, ${time(electedMs)} after the start; all ${threads} agree after ${time(agreedMs)}`,
      );
    },
    round(number, result, journal) {
      const refused = result.refused.notStarted + result.refused.unknown;
      print("");
      print(paint("bold", `Round ${number}`));
      line("writing", `through ${name(result.writer)}, a follower, up to ${callsInFlight} calls in flight`);
      line("killed", `${paint("red", result.killed)}, the leader`);
      line("elected", `${leaderName(result.elected)}  epoch ${result.token.epoch}, ${time(result.failoverMs)} after terminate()`);
      line("settled", `all follow after ${time(result.agreedMs)}, first write of the new leader after ${time(result.firstWriteMs)}`);
      line(
        "cut short",
        refused === 0
          ? "no call"
          : `${refused} calls: ${result.refused.unknown} may have run, ${result.refused.notStarted} had not started`,
      );
      line("joined", `${name(result.newcomer)}, blank`);
      line("verified", `${verdict(journal)} at ${[...result.survivors, result.newcomer].map(name).join(" ")}`);
    },
    end(summary, faults) {
      const { median: middle, min, max } = summary.failoverMs;
      print("");
      print(
        `${paint("bold", `${summary.rounds} leaders killed`)}, ${summary.acknowledged} acknowledged writes, ${paint(summary.lost === 0 ? "green" : "red", `${summary.lost} lost`)}; failover ${time(middle)} (median; ${min.toFixed(2)} to ${max.toFixed(2)})`,
      );
      for (const fault of faults.slice(0, 20)) print(paint("red", `  ${fault}`));
      print("");
    },
  };

  function verdict(journal: Journal): string {
    const text = `${journal.acknowledged} acknowledged writes, ${journal.lost} lost, ${journal.faults.length - journal.lost === 0 ? "none twice" : `${journal.faults.length} faults`}`;
    return paint(journal.faults.length === 0 ? "green" : "red", text);
  }
}
