/**
 * ESLint runs the three rules that need types and nothing else; Biome does the rest of the linting and all
 * of the formatting.
 */
import { defineConfig, globalIgnores } from "eslint/config";
import { parser, plugin } from "typescript-eslint";

export default defineConfig(globalIgnores(["**/dist/**", "**/.pack/**", "**/test-results/**", "docs/api/**"]), {
  files: ["**/*.ts", "**/*.tsx"],
  languageOptions: { parser, parserOptions: { projectService: true } },
  plugins: { "@typescript-eslint": plugin },
  rules: {
    "@typescript-eslint/no-floating-promises": "error",
    "@typescript-eslint/no-misused-promises": "error",
    "@typescript-eslint/await-thenable": "error",
  },
});
