import { readFolder } from "./conform.js";
import { judge } from "./judge.js";
import { recordedCourse } from "./recorded-course.js";
import { replay } from "./replay.js";
import { createSimulatedStage } from "./simulated-stage.js";
import { lineOf } from "./compare.js";
const tally = new Map<string, [number, number]>();
const missed: string[] = [];
for (const script of await readFolder("/work/main/packages/testing/traces/")) {
  const there = recordedCourse(script);
  const here = await replay(script, createSimulatedStage);
  const names = new Set(here.seen.map((s) => s.name));
  const check = (kind: string, label: string, course: typeof here) => {
    const caught = judge(script, there, course).verdict === "unexplained";
    const t = tally.get(kind) ?? [0, 0]; tally.set(kind, [t[0] + (caught ? 1 : 0), t[1] + 1]);
    if (!caught) missed.push(`${kind} ${script.trace.file} ${label}`);
  };
  const step = names.size > 10 ? 7 : 1;
  for (let i = 0; i < here.seen.length; i += step) {
    const s = here.seen[i]; if (!s) continue;
    const label = `${s.name}@${s.node} ${s.step} ${lineOf(s.what)}`;
    check("drop", label, { ...here, seen: here.seen.filter((_, j) => j !== i) });
    check("double", label, { ...here, seen: here.seen.flatMap((x, j) => (j === i ? [x, x] : [x])) });
    if (s.what.type === "callback") check("state", label, { ...here, seen: here.seen.map((x, j) => (j === i && x.what.type === "callback" ? { ...x, what: { ...x.what, state: { wrong: 1 } } } : x)) });
  }
  for (const [key, t] of here.told) check("result", `${key} ${JSON.stringify(t.result)}`, { ...here, told: new Map([...here.told, [key, { ...t, result: ["returned", "wrong"] }]]) });
}
console.log(JSON.stringify([...tally]));
for (const m of missed) console.log(m.slice(0, 170));
