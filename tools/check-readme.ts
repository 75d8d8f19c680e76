/**
 * Puts the packed packages into a fresh Vite app and runs the README's examples there, as a reader would: types, a
 * build, each example in a page of Chromium or in Node. The app is made in a temporary folder; only their
 * tarballs are installed, and those of what they depend on; Vite and TypeScript are those of the repository, so that no network is needed.
 *
 * @module
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build as transpile } from "esbuild";
import { chromium } from "playwright-core";
import { preview } from "vite";
import { createChecks } from "./checks.js";
import { ensureChromium } from "./chromium.js";
import { fieldsOf } from "./fields.js";
import { createMachine, reasonIn } from "./machine.js";
import { publishedFolders, readManifest, root } from "./published.js";
import { type Example, readExamples } from "./readme-examples.js";

const machine = createMachine();
const limitMs = 120_000;
/** Within this a page has run its example and a Node program has ended; only a fault takes so long. */
const exampleLimitMs = 30_000;

async function run(app: string, program: string, ...args: readonly string[]): Promise<string> {
  const { code, output } = await machine.run(program, args, limitMs, app);
  if (code !== 0) throw new Error(`${reasonIn(output)}\n${output}`);
  return output;
}

/** Packs what was staged, and the libraries that it depends on. Returns the paths of the tarballs. */
async function packInto(app: string): Promise<readonly string[]> {
  const libraries = new Set<string>();
  for (const folder of publishedFolders)
    for (const name of Object.keys(fieldsOf((await readManifest(`${folder}/.pack`)).dependencies))) libraries.add(name);
  const folders = [...publishedFolders.map((folder) => `${folder}/.pack`), ...[...libraries].map((name) => `node_modules/${name}`)];
  const tarballs: string[] = [];
  for (const folder of folders) {
    const listed: unknown = JSON.parse(
      await run(`${root}${folder}`, "npm", "pack", "--silent", "--json", "--ignore-scripts", "--pack-destination", app),
    );
    const [packed] = Array.isArray(listed) ? listed : [];
    tarballs.push(join(app, String(packed?.filename)));
  }
  return tarballs;
}

/** The pages: one for each example of the browser, which says in its title what became of it. */
function pageOf({ file }: Example): string {
  const script = `import("/src/${file}").then(() => { document.title = "done"; }, (error) => { document.title = String(error); });`;
  return `<!doctype html><meta charset="utf-8"><title>running</title><script type="module">${script}</script>`;
}

function pageName({ file }: Example): string {
  return file.replace(/\.tsx?$/, ".html");
}

async function createApp(app: string, examples: readonly Example[]): Promise<void> {
  const pages = examples.filter(({ runsOn }) => runsOn === "browser");
  const inputs = JSON.stringify(pages.map(pageName));
  const compilerOptions = {
    ...{ target: "es2022", module: "esnext", moduleResolution: "bundler", strict: true, noEmit: true, skipLibCheck: false },
    ...{ verbatimModuleSyntax: true, lib: ["es2022", "dom", "dom.iterable"], types: ["node"], typeRoots: [`${root}node_modules/@types`] },
  };
  const files: Readonly<Record<string, string>> = {
    "package.json": JSON.stringify({ name: "fresh-app", private: true, type: "module" }),
    "tsconfig.json": JSON.stringify({ compilerOptions, include: ["src"] }),
    "vite.config.js": `export default { logLevel: "warn", build: { rollupOptions: { input: ${inputs} } } };`,
    ...Object.fromEntries(pages.map((page) => [pageName(page), pageOf(page)])),
    ...Object.fromEntries(examples.map(({ file, code }) => [`src/${file}`, code])),
  };
  await mkdir(join(app, "src"));
  for (const [path, text] of Object.entries(files)) await writeFile(join(app, path), text);
}

/** Whether an example tells something: then it has worked only when it did. */
function logs({ code }: Example): boolean {
  return /\bconsole\.(log|info)\b/.test(code);
}

/** Opens every page of the built app; a page passes when its example was loaded, told what it tells, and threw nothing. */
async function runPages(app: string, pages: readonly Example[], checks: ReturnType<typeof createChecks>): Promise<void> {
  const server = await preview({ root: app, logLevel: "silent", preview: { host: "127.0.0.1", port: 0 } });
  const address = server.httpServer.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const browser = await chromium.launch({ executablePath: await ensureChromium(), args: ["--no-sandbox", "--disable-gpu"] });
  try {
    for (const example of pages) {
      await checks.check(`README: ${example.file} runs in a page`, async () => {
        const page = await browser.newPage();
        const errors: string[] = [];
        page.on("pageerror", (error) => errors.push(error.message));
        const told = logs(example) ? page.waitForEvent("console", { timeout: exampleLimitMs }) : undefined;
        const loaded = page
          .goto(`http://127.0.0.1:${port}/${pageName(example)}`)
          .then(() => page.waitForFunction('document.title !== "running"', undefined, { timeout: exampleLimitMs }));
        await Promise.all([loaded, told]);
        const title = await page.title();
        await page.close();
        if (title !== "done" || errors.length > 0) throw new Error([title, ...errors].join("\n"));
      });
    }
  } finally {
    await browser.close();
    await server.close();
  }
}

/** Runs an example in Node as it stands, its types removed. */
async function runProgram(app: string, example: Example, examples: readonly Example[]): Promise<void> {
  const entryPoints = examples.map(({ file }) => join(app, "src", file));
  await transpile({ entryPoints, outdir: join(app, "node"), format: "esm", platform: "node", target: "node20", logLevel: "silent" });
  const { code, output } = await machine.run(
    process.execPath,
    [join(app, "node", example.file.replace(/\.tsx?$/, ".js"))],
    exampleLimitMs,
    app,
  );
  if (code !== 0) throw new Error(code === null ? `did not end within ${exampleLimitMs} ms\n${output}` : `${reasonIn(output)}\n${output}`);
  if (logs(example) && output.trim() === "") throw new Error("It ended without a word, although it has something to tell.");
}

/** Loading every module of the packages in Node prints nothing, throws nothing, and keeps nothing alive. */
async function importAll(app: string): Promise<void> {
  const modules = [
    "gen-leader",
    "gen-leader/memory",
    "gen-leader/protocol",
    "gen-leader/worker-threads",
    "@gen-leader/testing",
    "@gen-leader/store",
  ];
  const script = modules.map((module) => `await import(${JSON.stringify(module)});`).join(" ");
  const output = await run(app, process.execPath, "--input-type=module", "--eval", script);
  if (output.trim() !== "") throw new Error(`It printed: ${output}`);
}

const checks = createChecks();
const app = await mkdtemp(join(tmpdir(), "gen-leader-app-"));
try {
  let examples: readonly Example[] = [];
  const found = await checks.check("README: every example has a name", async () => {
    examples = readExamples(await readFile(`${root}README.md`, "utf8"));
    if (examples.length === 0) throw new Error("There are no examples.");
  });
  const installed = await checks.check("a fresh app installs the tarballs", async () => {
    await createApp(app, examples);
    await run(app, "npm", "install", "--offline", "--no-audit", "--no-fund", "--silent", ...(await packInto(app)));
  });
  if (found && installed) {
    const pages = examples.filter(({ runsOn }) => runsOn === "browser");
    await checks.check("importing the packages does nothing", () => importAll(app));
    await checks.check("README: the examples type-check", () => run(app, `${root}node_modules/.bin/tsc`, "-p", ".").then(() => undefined));
    const built = await checks.check("README: the app builds", () =>
      run(app, `${root}node_modules/.bin/vite`, "build").then(() => undefined),
    );
    if (built) await runPages(app, pages, checks);
    for (const example of examples.filter(({ runsOn }) => runsOn === "node")) {
      await checks.check(`README: ${example.file} runs in Node`, () => runProgram(app, example, examples));
    }
  }
} finally {
  await rm(app, { recursive: true, force: true });
}
await checks.finish();
