/**
 * What a run of `npm run sim` is like: platform, peers and faults, all drawn from its seed.
 *
 * @module
 */
import { createRandom, type Faults, type RangeMs, type SeededRandom, type SimulatedMedium } from "@gen-leader/testing";

/** Everything about a run that is not the scenario. */
export interface Weather {
  readonly name: WeatherName;
  readonly medium: SimulatedMedium;
  readonly peers: readonly { readonly role?: "worker"; readonly priority: number; readonly historyLimit?: number }[];
  readonly faults: Partial<Faults>;
  readonly durationMs: number;
}

/** How bad it is. */
const kinds = {
  /** Nobody ends: no call may fail. */
  calm: () => ({ versionSkew: 1 }),
  /** Ends that the platform notices. */
  deadly: (random: SeededRandom) => ({ crash: random.between(1, 4), restart: random.between(0, 2) }),
  /** Realms that stand still, and a platform that errs. */
  rough: (random: SeededRandom) => ({
    crash: random.between(0, 1),
    hang: random.between(0, 3),
    freeze: random.between(0, 2),
    cache: random.between(0, 2),
    throttle: random.between(0, 2),
    clockJump: random.between(0, 1),
    steal: random.between(0, 2),
    corpse: random.between(0, 1),
    versionSkew: random.between(0, 1),
  }),
  /** Everything at once, frames too. */
  stormy: (random: SeededRandom) => ({
    crash: random.between(0, 2),
    restart: random.between(0, 2),
    hang: random.between(0, 2),
    freeze: random.between(0, 1),
    cache: random.between(0, 1),
    throttle: random.between(0, 1),
    clockJump: random.between(0, 1),
    falseSuspicion: random.between(0, 2),
    steal: random.between(0, 1),
    corpse: random.between(0, 1),
    versionSkew: random.between(0, 1),
    loss: random.pick([0, 0.01, 0.05]),
    duplication: random.pick([0, 0.02]),
    garbage: random.pick([0, 0.02]),
    reorder: random.pick([0, 0.05]),
  }),
} as const;

export type WeatherName = keyof typeof kinds;

const names: readonly WeatherName[] = ["calm", "deadly", "deadly", "rough", "rough", "stormy"];
const media: readonly SimulatedMedium[] = ["locks", "threads", "heartbeats"];
const slow: readonly RangeMs[] = [
  [0, 10],
  [0, 10],
  [0, 600],
];

/** The weather of a seed. */
export function weatherOf(seed: number): Weather {
  const random = createRandom(seed * 16 + 14);
  const name = random.pick(names);
  const medium = random.pick(media);
  const planned = kinds[name](random);
  const peers = Array.from({ length: random.between(2, 5) }, (_, index) => ({
    ...(index > 1 && random.chance(0.25) ? { role: "worker" as const } : {}),
    priority: random.between(0, 2),
    ...(random.chance(0.2) ? { historyLimit: 4 } : {}),
  }));
  return {
    name,
    medium,
    peers,
    durationMs: random.pick([300, 3000, 15_000]),
    faults: {
      ...planned,
      ...(medium === "heartbeats" && name !== "calm" ? { partition: random.between(0, 2) } : {}),
      delayMs: random.pick<RangeMs>([
        [0, 0],
        [0, 5],
        [1, 40],
      ]),
      detectionMs: random.pick(slow),
    },
  };
}
