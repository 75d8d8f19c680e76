import { afterEach, onTestFailed, test } from "vitest";
import { scenarios } from "./scenarios/index.js";
import type { Site } from "./site/site.js";
import { createThreadSite } from "./site/threads.js";

let site: Site | null = null;

afterEach(() => site?.close());

for (const { title, run } of scenarios.filter(({ needs }) => !needs.partition))
  test(title, async () => {
    const here = createThreadSite();
    site = here;
    onTestFailed(() => console.log(here.describe()));
    await run(here);
  });
