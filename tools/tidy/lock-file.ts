/**
 * The lock file installs on every machine: whole, and from whatever registry that machine uses.
 *
 * @module
 */
import { fieldsOf } from "../fields.js";
import type { Problem, Rule } from "./rule.js";

/**
 * Every package in the lock file has a version. npm drops those of other platforms' binaries when it installs over a
 * `node_modules` that was made without a lock file, and `npm ci` then refuses to run elsewhere.
 */
export const wholeLockFile: Rule = (files) =>
  files
    .filter(({ path }) => path === "package-lock.json")
    .flatMap(({ path, text }) =>
      Object.entries(fieldsOf(fieldsOf(JSON.parse(text)).packages)).flatMap(([name, entry]): readonly Problem[] => {
        const { link, version } = fieldsOf(entry);
        if (!name.includes("node_modules/") || link === true || typeof version === "string") return [];
        const line = text.slice(0, text.indexOf(JSON.stringify(name))).split("\n").length;
        return [{ path, line, message: `has no version of ${name}: delete node_modules and package-lock.json, and run npm install.` }];
      }),
    );
