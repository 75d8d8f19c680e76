/**
 * What is wrong with what the users of a store saw.
 *
 * @module
 */
import { checkLinearizability } from "@gen-leader/testing";
import { listsModel, type Seen } from "./users.js";

/** Nothing happens twice, and all come to have the same. Where nothing may be lost, what was seen can be put in one order, and no copy goes back. */
export function problemsOf({ history, copies, complaints }: Seen, mayLose: boolean): readonly string[] {
  const problems: string[] = [];
  const [first] = copies;
  if (first === undefined) problems.push("nobody has a copy");
  for (const copy of copies) {
    if (JSON.stringify(copy) !== JSON.stringify(first)) problems.push(`copies differ: ${JSON.stringify([first, copy])}`);
    for (const [key, list] of Object.entries(copy))
      if (new Set(list).size !== list.length) problems.push(`${key} has something twice: ${list}`);
  }
  if (mayLose) return problems;
  // Lists only grow: what nobody was answered and is in none of them has had no effect.
  const happened = history.filter(({ input, returned }) => returned !== null || first?.[input.key]?.includes(input.value) === true);
  const verdict = checkLinearizability(listsModel, happened);
  if (verdict.type !== "linearizable") problems.push(`no order explains what was seen: ${JSON.stringify(verdict)}`);
  return [...problems, ...complaints];
}
