/**
 * Names that a person can tell apart at a glance; the incarnation makes them unique.
 *
 * @module
 */
const birds =
  "avocet bittern bunting crane curlew dove dunlin egret eider finch gannet godwit grebe hawk heron hoopoe ibis jay kestrel kite lapwing lark linnet magpie merlin nightjar oriole osprey owl petrel pipit plover puffin quail raven redstart robin rook shrike siskin skua snipe sparrow starling stork swan swift teal tern thrush wagtail warbler waxwing whimbrel wigeon wren".split(
    " ",
  );

/** The name of a bird, another one each time as a rule. */
export function randomName(): string {
  return birds[Math.floor(Math.random() * birds.length)] ?? "wren";
}
