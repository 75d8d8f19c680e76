/**
 * `npm run explore`: looks at every interleaving of a small cluster. The last line of the output is the result as JSON.
 *
 * @module
 */
import { type Command, parseCommandLine, usage } from "./command-line.js";
import { configurations } from "./configurations.js";
import { explore } from "./explore.js";
import { type ExplorationOptions, printBounds } from "./options.js";

run(command());

/** What was asked for; what makes no sense is told, with what would. */
function command(): Command {
  try {
    return parseCommandLine(process.argv.slice(2));
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
    return { type: "help" };
  }
}

function run(asked: Command): void {
  switch (asked.type) {
    case "help":
      return console.log(usage);
    case "list":
      for (const [name, { says }] of configurations) console.log(`${name.padEnd(28)} ${says}`);
      return;
    case "explore":
      return exploreAll(asked.options);
  }
}

function exploreAll(options: ExplorationOptions): void {
  const start = performance.now();
  console.log(`bounds ${printBounds(options)}`);
  const result = explore({
    options,
    onProgress: ({ depth, states, frontier }) =>
      console.error(`${Math.round((performance.now() - start) / 1000)} s: depth ${depth}, ${states} states, ${frontier} to look at`),
  });
  for (const { checker, complaint, trace } of result.violations) {
    console.log(trace);
    console.log(`violated ${checker}: ${complaint}`);
  }
  const seconds = Math.round((performance.now() - start) / 1000);
  console.log(`${result.transitions} transitions, ${result.depth} deep, ${result.cut} cut by the bound of epochs, ${seconds} s`);
  const { states, complete, depth, violations } = result;
  console.log(JSON.stringify({ states, complete, ...(complete ? {} : { depth }), violations: violations.length }));
  if (violations.length > 0) process.exitCode = 1;
}
