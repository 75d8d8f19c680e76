import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, describe as group, test } from "vitest";
import { describe } from "../conformance/compare.js";
import { conformOn, readFolder } from "../conformance/conform.js";
import { allRules, type Judgement, judge } from "../conformance/judge.js";
import { type Manners, noManners } from "../conformance/manners.js";
import { recordedCourse } from "../conformance/recorded-course.js";
import { react, sameAnswer } from "../conformance/recorded-module.js";
import { replay } from "../conformance/replay.js";
import { createScript, type Script } from "../conformance/script.js";
import { createSimulatedStage } from "../conformance/simulated-stage.js";
import { readTrace } from "../conformance/trace-reader.js";

const folder = fileURLToPath(new URL("../../packages/testing/traces/", import.meta.url));
const scripts = await readFolder(folder);

/** What nothing explains, in words. */
function unexplained({ differences }: Judgement): readonly string[] {
  return differences.filter(({ rules }) => rules.length === 0).map(({ difference }) => describe(difference));
}

/** The script of a recording after some of its lines were changed. */
function altered(script: Script, change: (line: string) => string | readonly string[]): Script {
  const lines = readFileSync(`${folder}/${script.trace.file}.jsonl`, "utf8").split("\n");
  return createScript(readTrace(script.trace.file, lines.flatMap(change).join("\n")));
}

function scriptOf(file: string): Script {
  const found = scripts.find(({ trace }) => trace.file === file);
  if (found === undefined) throw new Error(`There is no recording ${file}.`);
  return found;
}

group("the reader", () => {
  test.each(scripts.map((script) => [script.trace.file, script] as const))(
    "knows every event of %s, and whose callback it is",
    (_, script) => {
      expect(script.unknown).toEqual([]);
      const callbacks = script.trace.events.filter(({ ev }) => ev === "cb");
      expect(callbacks.filter(({ index }) => !script.owners.has(index))).toEqual([]);
    },
  );

  test("keeps what it does not know, says so, and goes on", () => {
    const lines = [
      '{"t_ms":1,"node":"n1","ev":"start","candidates":["n1"],"name":"gl","optargs":[],"workers":[]}',
      '{"t_ms":2,"node":"n1","ev":"eclipse","of":"the sun"}',
      "no JSON at all",
      '{"t_ms":3,"node":"n1","ev":"client_begin","id":"x","op":"frobnicate","args":["gl"]}',
    ];
    const script = createScript(readTrace("strange", lines.join("\n")));
    expect(script.unknown).toEqual([
      'line 2: ev "eclipse" is not in the vocabulary',
      "line 3: is no JSON object",
      "line 4: client operation frobnicate is not in the vocabulary",
    ]);
    expect(script.steps).toHaveLength(1);
  });
});

group("the recorded module", () => {
  test.each(scripts.map((script) => [script.trace.file, script] as const))(
    "answers every recorded callback of %s as it was recorded",
    (_, script) => {
      for (const event of script.trace.events) {
        if (event.ev !== "cb" || event.cb === "terminate") continue;
        const manners: Manners = script.manners.get(script.owners.get(event.index) ?? "") ?? noManners;
        const { cb, args, pre, node, queries, ret, raise } = event;
        const { answer } = react({ cb, args, state: pre ?? {}, node, queries: queries ?? {} }, manners);
        const recorded = ret === undefined ? ({ does: "raise", raise: raise ?? null } as const) : ({ does: "return", term: ret } as const);
        expect(sameAnswer(answer, recorded), `line ${event.index + 1}`).toBe(true);
      }
    },
  );
});

group("over the simulator", () => {
  test.each(scripts.map((script) => [script.trace.file, script] as const))("%s: every difference is explained", async (_, script) => {
    expect(unexplained(await conformOn(script, "simulated"))).toEqual([]);
  });

  test("a replay is the same each time", async () => {
    const script = scriptOf("leader_kill9");
    expect(await replay(script, createSimulatedStage)).toEqual(await replay(script, createSimulatedStage));
  });
});

group("the judge can say no", () => {
  test("to another result", async () => {
    const script = altered(scriptOf("cold_start"), (line) => line.replace('"result":["returned",1]', '"result":["returned",2]'));
    expect(unexplained(await conformOn(script, "simulated"))).toHaveLength(3);
  });

  test("to a result that is an error", async () => {
    const script = altered(scriptOf("seq_start"), (line) =>
      line.replace(/"op":"call","result":.*\},?"?/, '"op":"call","result":["exit","timeout"]}'),
    );
    expect(unexplained(await conformOn(script, "simulated")).length).toBeGreaterThan(0);
  });

  test("to callbacks in another order", async () => {
    const script = scriptOf("late_join");
    const there = recordedCourse(script);
    const broadcasts = there.seen.filter(({ node, what }) => node === "n2" && what.type === "callback" && what.cb === "from_leader");
    const [first, second] = broadcasts;
    if (first === undefined || second === undefined) throw new Error("There are two broadcasts in this recording.");
    const swapped = there.seen.map((seen) =>
      seen === first ? { ...seen, what: second.what } : seen === second ? { ...seen, what: first.what } : seen,
    );
    const here = await replay(script, createSimulatedStage);
    expect(unexplained(judge(script, { ...there, seen: swapped }, here)).length).toBeGreaterThan(0);
  });

  test("to a callback that is missing, and to one too many", async () => {
    const script = scriptOf("leader_kill9");
    const [there, here] = [recordedCourse(script), await replay(script, createSimulatedStage)];
    const isBroadcast = (cb: string) => cb === "from_leader";
    const without = here.seen.filter(({ what }) => what.type !== "callback" || !isBroadcast(what.cb));
    expect(unexplained(judge(script, there, { ...here, seen: without })).length).toBeGreaterThan(0);
    const twice = here.seen.flatMap((seen) => (seen.what.type === "callback" && isBroadcast(seen.what.cb) ? [seen, seen] : [seen]));
    expect(unexplained(judge(script, there, { ...here, seen: twice })).length).toBeGreaterThan(0);
  });

  test("to a second leader, a lost write and a surplus join", async () => {
    const script = scriptOf("leader_kill9");
    const [there, here] = [recordedCourse(script), await replay(script, createSimulatedStage)];
    const elected = here.seen.find(({ node, what }) => node === "n2" && what.type === "callback" && what.cb === "elected");
    if (elected === undefined) throw new Error("n2 is elected.");
    const second = { ...here, seen: [...here.seen, { ...elected, node: "n3" }] };
    expect(unexplained(judge(script, there, second)).length).toBeGreaterThan(0);
    const told = new Map(
      [...here.told].map(([key, one]) => [
        key,
        JSON.stringify(one.result) === '["returned",{"a":1}]' ? { ...one, result: ["returned", {}] } : one,
      ]),
    );
    expect(unexplained(judge(script, there, { ...here, told })).length).toBeGreaterThan(0);
    const joined = { ...elected, what: { type: "callback", cb: "elected", args: ["n3"], state: { a: 1 } } } as const;
    expect(unexplained(judge(script, there, { ...here, seen: [...here.seen, joined, joined] })).length).toBeGreaterThan(0);
  });

  test("to a realm that dies by itself", async () => {
    const script = scriptOf("single_candidate");
    const here = await replay(script, createSimulatedStage);
    const dead = { ...here, cutShort: { step: 3, why: "the realm of n1 died of TypeError" } };
    expect(unexplained(judge(script, recordedCourse(script), dead))).toHaveLength(1);
  });
});

group("docs/CONFORMANCE.md", () => {
  const document = readFileSync(new URL("../../docs/CONFORMANCE.md", import.meta.url), "utf8");

  test("lists every rule as it is in the code, and no other", () => {
    const rows = [...document.matchAll(/^\| ([A-Z]\d+) \| (.*) \| (.*) \| (.*) \|$/gm)].map(([, ...cells]) => cells);
    expect(rows).toEqual(allRules.map(({ id, pattern, reason, source }) => [id, pattern, reason, source]));
  });

  test("lists every recording", () => {
    const rows = [...document.matchAll(/^\| `([\w-]+)` \| /gm)].map(([, file]) => file);
    expect(rows).toEqual(scripts.map(({ trace }) => trace.file));
  });

  test("gives every rule an id of its own", () => {
    expect(new Set(allRules.map(({ id }) => id)).size).toBe(allRules.length);
  });
});
