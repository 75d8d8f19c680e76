/**
 * Checks what will be published, as it was built: publint, are-the-types-wrong, no runtime dependencies, sizes.
 *
 * @module
 */
import { createChecks } from "./checks.js";
import { fieldsOf } from "./fields.js";
import { createMachine, reasonIn } from "./machine.js";
import { publishedFolders, readManifest, root } from "./published.js";
import { isTooHeavy, measureSizes, printSizes } from "./sizes.js";

const machine = createMachine();
const limitMs = 120_000;

/** What a package may need beside gen-leader itself. */
const libraries: Readonly<Record<string, readonly string[]>> = { "packages/store": ["idb-keyval", "mutative"] };

async function runTool(command: string, ...args: readonly string[]): Promise<void> {
  const { code, output } = await machine.run(`${root}node_modules/.bin/${command}`, args, limitMs);
  if (code !== 0) throw new Error(`${reasonIn(output)}\n${output}`);
}

const checks = createChecks();

for (const folder of publishedFolders) {
  const packed = `${root}${folder}/.pack`;
  await checks.check(`${folder}: publint`, () => runTool("publint", "run", packed, "--strict"));
  await checks.check(`${folder}: are the types wrong`, () => runTool("attw", "--pack", packed, "--profile", "esm-only"));
  const allowed = libraries[folder] ?? [];
  await checks.check(`${folder}: ${allowed.length === 0 ? "no runtime dependencies" : `needs ${allowed.join(", ")} alone`}`, async () => {
    const dependencies = Object.keys(fieldsOf((await readManifest(`${folder}/.pack`)).dependencies));
    const others = dependencies.filter((name) => !allowed.includes(name));
    if (others.length > 0) throw new Error(`It has ${others.join(", ")}.`);
  });
}

const sizes = await measureSizes();
console.log(`\n${printSizes(sizes)}\n`);
for (const size of sizes) {
  await checks.check(`${size.folder}: size of ${size.name}`, () => {
    if (isTooHeavy(size)) throw new Error(`${size.gzippedBytes} bytes gzipped: over the limit of ${size.limitBytes}.`);
  });
}
await checks.finish();
