/**
 * `npm run build`: what is published, and the playground's site.
 *
 * @module
 */
import { spawnSync } from "node:child_process";
import { bundlePackage } from "./bundle-package.js";
import { publishedFolders, root, stage } from "./published.js";

for (const folder of publishedFolders) {
  const modules = await bundlePackage(folder);
  await stage(folder);
  console.log(`built ${folder}: ${modules.map(({ target }) => target).join(", ")}`);
}

const site = spawnSync("npm", ["run", "build", "--workspace", "playground"], { cwd: root, stdio: "inherit" });
process.exitCode = site.status ?? 1;
