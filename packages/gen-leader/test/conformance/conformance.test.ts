import { afterEach, onTestFailed, test } from "vitest";
import { scenarios } from "./scenarios/index.js";
import { createMemorySite } from "./site/memory.js";
import type { Site } from "./site/site.js";

let site: Site | null = null;

afterEach(() => site?.close());

for (const { title, needs, run } of scenarios)
  test(title, async () => {
    const here = createMemorySite({ fenced: needs.fence ?? true });
    site = here;
    onTestFailed(() => console.log(here.describe()));
    await run(here);
  }, 60_000);
