/**
 * Each runtime gets the medium that fits it, or a refusal that says what to do.
 */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { UnsupportedRuntimeError } from "@gen-leader/behaviour";
import { build } from "esbuild";
import { expect, test } from "vitest";
import { createDefaultMedium } from "../src/default-medium.js";
import { createDefaultMedium as createDefaultMediumOfNode } from "../src/default-medium.node.js";

const mediumIn = (host: NonNullable<Parameters<typeof createDefaultMedium>[0]>): string => {
  // The factories are for browsers; what they make here is looked at, not opened.
  const navigator = Object.getOwnPropertyDescriptor(globalThis, "navigator");
  Object.defineProperty(globalThis, "navigator", { configurable: true, value: host.navigator });
  try {
    return createDefaultMedium(host)("cluster").guarantees.medium;
  } finally {
    if (navigator === undefined) Reflect.deleteProperty(globalThis, "navigator");
    else Object.defineProperty(globalThis, "navigator", navigator);
  }
};

test("a browser has Web Locks and BroadcastChannel", () => {
  expect(mediumIn({ BroadcastChannel, navigator: { locks: {} } })).toBe("browser");
});

test("an insecure context has no Web Locks, and says what that means", () => {
  expect(mediumIn({ BroadcastChannel, navigator: {} })).toBe("browser-without-locks");
  expect(createDefaultMedium({ BroadcastChannel })("cluster").fence).toBeNull();
});

test("a sandboxed frame, which is denied the locks that it has, goes without", () => {
  expect(mediumIn({ BroadcastChannel, navigator: { locks: {} }, origin: "null" })).toBe("browser-without-locks");
  expect(mediumIn({ BroadcastChannel, navigator: { locks: {} }, origin: "https://app.example" })).toBe("browser");
  expect(mediumIn({ BroadcastChannel, navigator: { locks: {} }, origin: "null", location: { protocol: "file:" } })).toBe("browser");
});

test("Electron's renderer is a browser", () => {
  const process = { versions: { node: "24.0.0" }, type: "renderer" };
  expect(mediumIn({ BroadcastChannel, navigator: { locks: {} }, process })).toBe("browser");
});

test("a window that Node pretends to have has no other tabs: memory", () => {
  const process = { versions: { node: "24.0.0" } };
  expect(mediumIn({ BroadcastChannel, navigator: { locks: {} }, process })).toBe("memory");
});

test("a service worker is refused by a typed error that says what to do", () => {
  const host = { ServiceWorkerGlobalScope: class {}, BroadcastChannel, navigator: { locks: {} } };
  expect(() => createDefaultMedium(host)).toThrow(UnsupportedRuntimeError);
  expect(() => createDefaultMedium(host)).toThrow(/Start the server in a page/);
});

test("a runtime without BroadcastChannel is refused by a typed error that says what to do", () => {
  expect(() => createDefaultMedium({})).toThrow(UnsupportedRuntimeError);
  expect(() => createDefaultMedium({})).toThrow(/createMemoryMedium/);
});

test("Node has its threads", () => {
  expect(createDefaultMediumOfNode()("cluster").guarantees.medium).toBe("worker-threads");
});

test.each([
  ["browser", ["browser", "default"], "memory"],
  ["node", ["node", "default"], "worker-threads"],
] as const)("the conditions of a bundle for %s choose the module", async (platform, conditions, medium) => {
  const { outputFiles } = await build({
    stdin: {
      contents: `import { createDefaultMedium } from "#default-medium";
        console.log(createDefaultMedium()("cluster").guarantees.medium);`,
      resolveDir: fileURLToPath(new URL("../src", import.meta.url)),
    },
    bundle: true,
    write: false,
    format: "esm",
    platform,
    conditions: ["gen-leader-source", ...conditions],
    logLevel: "silent",
  });
  const code = outputFiles[0]?.text ?? "";
  expect(/["']node:/.test(code), "whether it imports Node's modules").toBe(platform === "node");
  const { stdout, stderr, status } = spawnSync(process.execPath, ["--input-type=module"], { input: code, encoding: "utf8" });
  expect([stdout.trim(), stderr, status]).toEqual([medium, "", 0]);
});
