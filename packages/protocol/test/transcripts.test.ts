/**
 * Stories over the pure core: every transcript in the folder is told again and must come out the same.
 * `npm run rewrite` records them anew.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { type Part, parseTranscript, printTranscript } from "./story/stanzas.js";
import { Story } from "./story/story.js";

const folder = new URL("transcripts/", import.meta.url);
const rewrites = process.env.REWRITE === "yes";

function tellAgain(parts: readonly Part[]): readonly Part[] {
  const story = new Story();
  return parts.map((part) => (part.type === "stanza" ? { ...part, output: story.run(part.command) } : part));
}

for (const name of readdirSync(folder).sort())
  test(`transcript ${name}`, () => {
    const file = new URL(name, folder);
    const text = readFileSync(file, "utf8");
    const parts = parseTranscript(text);
    expect(parts[0]?.type, "the first lines say why the story matters").toBe("comment");
    const told = printTranscript(tellAgain(parts));
    if (rewrites) writeFileSync(file, told);
    else expect(told).toBe(text);
  });
