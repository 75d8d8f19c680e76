/**
 * `npm run explore`: looks at every interleaving of a small cluster. The last line of the output is the result as JSON.
 *
 * @module
 */
import { parseCommandLine } from "./command-line.js";
import { configurations } from "./configurations.js";
import { explore } from "./explore.js";
import { printBounds } from "./options.js";

const command = parseCommandLine(process.argv.slice(2));

if (command.type === "list") {
  for (const [name, { says }] of configurations) console.log(`${name.padEnd(28)} ${says}`);
} else {
  const { options } = command;
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
