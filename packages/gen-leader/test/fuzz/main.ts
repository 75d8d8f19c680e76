/**
 * `npm run fuzz`: sends a live cluster frames that no peer would send, and says what became of it.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { fuzz } from "./fuzz.js";

const { values } = parseArgs({ options: { frames: { type: "string", default: "20000" }, seed: { type: "string", default: "1" } } });
const { crashes, ...result } = await fuzz({ frames: Number(values.frames), seed: Number(values.seed) });
for (const crash of crashes) console.error(`seed ${values.seed}: ${crash}`);
console.log(JSON.stringify({ frames: result.frames, crashes: crashes.length, accepted: result.accepted }));
process.exit(crashes.length === 0 ? 0 : 1);
