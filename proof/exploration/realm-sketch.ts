/**
 * The sketch of a realm, made from that of the realm before it: what a step has left as it was is not walked again.
 *
 * @module
 */
import { type Sketch, Sketcher, sketchOf } from "./sketch.js";

/** A realm, as far as its sketch needs it. */
interface SketchedRealm {
  readonly state: object;
  memo: RealmMemo | null;
}

/** What is remembered of a realm's sketch. A copy of the realm carries that of the original, until it makes its own from it. */
export interface RealmMemo {
  readonly of: SketchedRealm;
  readonly sketch: Sketch;
  /** The objects in the core's state, each with its sketch; `null` for what is no object. */
  readonly parts: readonly (Part | null)[];
}

interface Part {
  readonly part: object;
  readonly sketch: Sketch;
}

export function sketchOfRealm(realm: SketchedRealm): Sketch {
  if (realm.memo?.of !== realm) realm.memo = makeMemo(realm, realm.memo);
  return realm.memo.sketch;
}

function makeMemo(realm: SketchedRealm, before: RealmMemo | null): RealmMemo {
  const sketcher = new Sketcher();
  for (const [name, value] of Object.entries(realm)) if (name !== "state" && name !== "memo") sketcher.field(name, value);
  const parts: (Part | null)[] = [];
  const fields: [string, unknown][] = Object.entries(realm.state);
  for (const [name, value] of fields) {
    if (typeof value !== "object" || value === null || name === "config" || name === "formerSelves") {
      sketcher.field(name, value);
      parts.push(null);
      continue;
    }
    const known = before?.parts[parts.length] ?? null;
    const part: Part = known?.part === value ? known : { part: value, sketch: sketchOf(value, name) };
    sketcher.fold(part.sketch);
    parts.push(part);
  }
  return { of: realm, sketch: sketcher.finish(), parts };
}
