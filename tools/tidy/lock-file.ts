/**
 * The lock file installs on every machine.
 *
 * @module
 */
import { fieldsOf } from "../fields.js";
import type { Problem, Rule } from "./rule.js";

/**
 * Every package that another in the lock file names as optional stands in it. npm leaves out silently what the
 * registry did not have when the lock file was made (the binaries of other platforms), and then refuses `npm ci`.
 */
export const wholeLockFile: Rule = (files) =>
  files
    .filter(({ path }) => path === "package-lock.json")
    .flatMap(({ path, text }) => {
      const packages = fieldsOf(fieldsOf(JSON.parse(text)).packages);
      const known = new Set(Object.keys(packages));
      return Object.entries(packages).flatMap(([name, entry]) =>
        Object.keys(fieldsOf(fieldsOf(entry).optionalDependencies))
          .filter((optional) => !known.has(`node_modules/${optional}`) && !known.has(`${name}/node_modules/${optional}`))
          .map((optional): Problem => {
            const line = text.slice(0, text.indexOf(JSON.stringify(name))).split("\n").length;
            return { path, line, message: `lacks ${optional}, which ${name} wants: take a version of it that the registry has in full.` };
          }),
      );
    });
