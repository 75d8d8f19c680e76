/**
 * Nodes in one thread and in virtual time: a pause lasts as long as it was recorded to, and costs nothing.
 *
 * @module
 */
import { createRealm } from "gen-leader";
import { createNodeHost, type NodeHost } from "./node-host.js";
import { createSimulatedNetwork, nodeDeathMs, processDeathMs } from "./simulated-network.js";
import type { Stage, StageFactory } from "./stage.js";
import { createOwner, createVirtualTime, type Owner } from "./virtual-time.js";

/** What a script can do at one time is soon over. */
const shortestPauseMs = 40;

/** Longer than a frame takes to the leader by way of a follower. */
const arrivalMs = 1;

interface Realm {
  readonly host: NodeHost;
  readonly owner: Owner;
}

export const createSimulatedStage: StageFactory = async ({ apart, splits, hear }) => {
  const time = createVirtualTime();
  const network = createSimulatedNetwork(time, !splits);
  const realms = new Map<string, Realm>();
  const frozen = new Set<string>();

  const keyOf = (node: string, name: string) => (apart.has(name) ? `${node} ${name}` : node);
  const of = (node: string) => [...realms].filter(([key]) => key === node || key.startsWith(`${node} `));

  function realmOf(node: string, name: string): Realm {
    const key = keyOf(node, name);
    const known = realms.get(key);
    if (known !== undefined) return known;
    const owner = createOwner();
    owner.frozen = frozen.has(node);
    const host = createNodeHost({
      node,
      namespace: "",
      realm: createRealm((cluster) => network.medium(cluster, owner)),
      schedule: (callback, delayMs) => void time.after(delayMs, owner, callback),
      report(report) {
        if (!owner.dead) hear(node, structuredClone(report));
      },
    });
    const made = { host, owner };
    realms.set(key, made);
    return made;
  }

  function bury(key: string, realm: Realm, detectionMs: number): void {
    network.bury(realm.owner, detectionMs);
    realms.delete(key);
  }

  const stage: Stage = {
    name: "simulated",
    splits: true,
    order(order) {
      const { host, owner } = realmOf(order.node, order.name);
      time.after(0, owner, () => host.obey(order));
    },
    kill(node) {
      for (const [key, realm] of of(node)) bury(key, realm, nodeDeathMs);
    },
    killProcess(node, name) {
      const key = keyOf(node, name);
      const realm = realms.get(key);
      if (realm !== undefined) bury(key, realm, processDeathMs);
    },
    freeze(node) {
      frozen.add(node);
      for (const [, { owner }] of of(node)) owner.frozen = true;
    },
    thaw(node) {
      frozen.delete(node);
      for (const [, { owner }] of of(node)) time.thaw(owner);
    },
    network: (cut) => network.cut(cut),
    arrive: () => time.advance(arrivalMs),
    pause: (ms) => time.advance(Math.max(ms, shortestPauseMs)),
    until: (holds, limitMs) => time.advance(limitMs, holds),
    retire() {},
    async close() {
      for (const { owner } of realms.values()) owner.dead = true;
    },
  };
  return stage;
};
