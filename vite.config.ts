/**
 * How sources are resolved and tests are run. Two projects: `unit` runs everything that needs no second
 * realm, `threads` starts real worker threads (`*.threads.test.ts`) and a real Chromium (`*.browser.test.ts`), one test
 * file at a time.
 */
import { defaultClientConditions, defaultServerConditions } from "vite";
import { defineConfig } from "vitest/config";

const sourceCondition = "gen-leader-source";

export default defineConfig({
  resolve: { conditions: [sourceCondition, ...defaultClientConditions] },
  ssr: { resolve: { conditions: [sourceCondition, ...defaultServerConditions] } },
  test: {
    environment: "node",
    pool: "forks",
    passWithNoTests: true,
    testTimeout: 15_000,
    retry: 0,
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: [
            "packages/*/test/**/*.test.ts",
            "examples/*/test/**/*.test.ts",
            "playground/test/**/*.test.ts",
            "proof/test/**/*.test.ts",
            "e2e/test/**/*.test.ts",
            "tools/**/*.test.ts",
          ],
          exclude: ["**/node_modules/**", "**/*.threads.test.ts", "**/*.browser.test.ts"],
        },
      },
      {
        extends: true,
        test: {
          name: "threads",
          include: [
            "packages/*/test/**/*.threads.test.ts",
            "packages/*/test/**/*.browser.test.ts",
            "examples/*/test/**/*.threads.test.ts",
            "proof/test/**/*.threads.test.ts",
          ],
          testTimeout: 60_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
