/**
 * What a random run is like, drawn from its seed: which facilities the medium has, and which misfortunes happen.
 *
 * @module
 */
import { createRandom, type Fault, type SeededRandom, type SimulatedFrame } from "@gen-leader/testing";

export interface Weather {
  readonly fenced: boolean;
  readonly census: boolean;
  /** Nothing that could make a call fail: nobody dies, hangs or is cut off. */
  readonly calm: boolean;
  /** Realms hang and are suspended. */
  readonly rough: boolean;
  /** The network parts, where there is no fence. */
  readonly parted: boolean;
  /** Frames are repeated and late, and those that the protocol makes up for are lost. */
  readonly faulty: boolean;
  /** Deaths are noticed late. */
  readonly slow: boolean;
  /** Candidates and workers stand on lists. */
  readonly listed: boolean;
  /** Live names are wanted twice. */
  readonly clashing: boolean;
  readonly historyLimit: number;
  readonly snapshots: boolean;
  /** Time limits are so long that none of them can be what mends something. */
  readonly patient: boolean;
  /** Acts of one run. */
  readonly rounds: number;
}

export function weatherOf(seed: number): Weather {
  const random = createRandom(seed * 31 + 5);
  const fenced = random.chance(0.65);
  const calm = random.chance(0.15);
  const isShort = random.chance(0.25);
  const census = random.chance(0.7);
  const rough = !calm && random.chance(0.5);
  const faulty = !calm && random.chance(0.35);
  const parted = !calm && !fenced && random.chance(0.5);
  return {
    fenced,
    census,
    calm,
    rough,
    parted,
    faulty,
    patient: fenced && census && !rough && !faulty && random.chance(0.7),
    slow: random.chance(0.2),
    listed: random.chance(0.15),
    clashing: !calm && random.chance(0.2),
    historyLimit: isShort ? random.between(1, 6) : 1024,
    snapshots: random.chance(0.5),
    rounds: random.pick([10, 25, 40, 60]),
  };
}

/** Frames that a comparison, a time limit or a repetition makes up for. The rest never gets lost on any medium. */
const replaceable = new Set(["broadcast", "missed", "resync", "digest", "report", "halt", "announce", "join", "here"]);

/** What the network does to frames while the weather is bad; `isOver` says when it is good again. */
export function createDisturbance(seed: number, isOver: () => boolean): (frame: SimulatedFrame) => Fault | null {
  const random = createRandom(seed * 7 + 1);
  return ({ message }) => {
    if (isOver()) return null;
    if (random.chance(0.04)) return { type: "duplicate" };
    if (random.chance(0.03) && replaceable.has(message.type)) return { type: "drop" };
    return random.chance(0.03) ? { type: "delay", delayMs: random.between(1, 200) } : null;
  };
}

const usual = ["call", "call", "call", "later", "answer", "cast", "peer-call", "step-down", "start"] as const;

const acts = {
  calm: [...usual, "prefer", "step-down-to", "code-change"],
  gentle: [...usual, "retry-call", "cancel", "crash", "stop", "faulty-stop", "restart", "reload", "look", "step-down-to", "prefer"],
  rough: ["suspend", "resume", "hang", "recover", "hang", "recover"],
  parted: ["partition", "heal", "heal"],
  clashing: ["clash"],
} as const;

export type Act = (typeof acts)[keyof typeof acts][number];

/** What may happen in a run, as often as it stands here. */
export function actsOf({ calm, rough, parted, clashing }: Weather): readonly Act[] {
  return [
    ...(calm ? acts.calm : acts.gentle),
    ...(rough ? acts.rough : []),
    ...(parted ? acts.parted : []),
    ...(clashing ? acts.clashing : []),
  ];
}

/** Candidates, best first, and workers, where lists are given. */
export function listsOf({ listed }: Weather, random: SeededRandom): { candidates: string[]; workers: string[] } | null {
  if (!listed) return null;
  const candidates = Array.from({ length: 12 }, (_, index) => `p${index + 1}`);
  for (let place = candidates.length - 1; place > 0; place -= 1) {
    const other = random.between(0, place);
    const [a = "", b = ""] = [candidates[place], candidates[other]];
    candidates[place] = b;
    candidates[other] = a;
  }
  return { candidates, workers: ["w1", "w2", "w3", "w4"] };
}
