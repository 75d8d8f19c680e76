/**
 * docs/PROTOCOL.md and the transcripts tell of the same protocol as the code.
 */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { sampleMessages } from "./messages.js";

const protocol = readFileSync(new URL("../../../docs/PROTOCOL.md", import.meta.url), "utf8");
const transcripts = readdirSync(new URL("transcripts/", import.meta.url)).filter((name) => name.endsWith(".txt"));

/** The text under a heading of the second level. */
function section(title: string): string {
  return protocol.split(/^## /m).find((text) => text.startsWith(title)) ?? "";
}

describe("docs/PROTOCOL.md", () => {
  test("lists every message, and no other", () => {
    const rows = section("Messages").matchAll(/^\| (`[^|]+`) \|/gm);
    const listed = new Set([...rows].flatMap(([, cell = ""]) => [...cell.matchAll(/`([a-z-]+)`/g)].map(([, name]) => name)));
    expect([...listed].sort()).toEqual(Object.keys(sampleMessages).sort());
  });

  test("names every transcript, and no other", () => {
    const named = [...protocol.matchAll(/`(\d\d-[a-z-]+\.txt)`/g)].map(([, name]) => name);
    expect([...new Set(named)].sort()).toEqual([...transcripts].sort());
  });

  test("has a story and a diagram for every numbered protocol, and the story says which it is", () => {
    const numbered = [...protocol.matchAll(/^## ((\d+)\. .+)$/gm)];
    expect(numbered.length).toBe(16);
    for (const [, title = "", number = ""] of numbered) {
      expect(section(title), title).toContain("```mermaid");
      const stories = [...section(title).matchAll(/`(\d\d-[a-z-]+\.txt)`/g)].map(([, name]) => name ?? "");
      expect(stories.length, title).toBeGreaterThan(0);
      for (const name of stories) {
        expect(name).toMatch(new RegExp(`^${number.padStart(2, "0")}-`));
        expect(readFileSync(new URL(`transcripts/${name}`, import.meta.url), "utf8")).toContain(`# Protocol ${number}, `);
      }
    }
  });
});
