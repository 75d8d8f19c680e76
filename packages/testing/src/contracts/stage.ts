/**
 * Where a contract suite meets the adapter under test: the harness that an adapter's test supplies, and the peers
 * that the suite makes with it.
 *
 * @module
 */
import type { DownReason, Guarantees, PeerId } from "@gen-leader/protocol";
import { expect } from "vitest";
import type { Command, CommandValues, Outcome, PortEvent } from "./commands.js";

/** One peer in its realm, as the harness runs it. */
export interface PeerRealm {
  run(command: Command): Promise<Outcome>;
  /** Ends the peer without a good-bye, in one of the harness's ways. Resolves once it has been done. */
  die(death: string): Promise<void>;
  /** Frees what the realm holds; after `die` as well. */
  end(): Promise<void>;
}

/** What an adapter's test supplies. */
export interface ContractHarness {
  /** The medium under test, as it describes itself. */
  readonly guarantees: Guarantees;
  /** The ways in which a realm can end here, such as `"terminate"`; the first is used where any will do. */
  readonly deaths: readonly [string, ...string[]];
  /** What monitors hear of a peer that dies. */
  readonly deathIsHeardAs: DownReason;
  /** What monitors hear of a peer that closes its failure detector. */
  readonly closingIsHeardAs: DownReason;
  /** Whether one peer that is busy for a while disturbs none of the others; if it does, why it does. */
  readonly parallel: true | string;
  /** Makes a peer with its ports closed, in a realm of its own where there are several. */
  start(cluster: string, id: PeerId, report: (event: PortEvent) => void): Promise<PeerRealm>;
}

type Take<T extends PortEvent["type"]> = Extract<PortEvent, { readonly type: T }>;

/** A peer under test. */
export interface ContractPeer {
  readonly id: PeerId;
  /** Everything that its ports have told so far. */
  readonly events: readonly PortEvent[];
  /** Runs a command that must not throw. */
  run(command: Command): Promise<void>;
  /** Runs a command and tells what it threw. */
  attempt(command: Command): Promise<string | null>;
  /** Runs a command that answers. */
  ask<K extends keyof CommandValues>(command: Command & { readonly type: K }): Promise<CommandValues[K]>;
  /** The next event of a type that was not taken yet; waits for it. Asserts that it was not told from within a method. */
  next<T extends PortEvent["type"]>(type: T): Promise<Take<T>>;
  die(death?: string): Promise<void>;
}

/** The peers of one test, in a cluster that no other test knows. */
export interface Stage {
  readonly cluster: string;
  /** Makes the peer called `name` and opens `ports`, in this order. Without a cluster, in the stage's own. */
  peer(name: string, ports: readonly ("transport" | "failureDetector" | "fence")[], cluster?: string): Promise<ContractPeer>;
  end(): Promise<void>;
}

let clusters = 0;

/** The stage of one test. */
export function createStage(harness: ContractHarness): Stage {
  clusters += 1;
  const stageCluster = `contract/${clusters}: "${Date.now()}"`;
  const realms: PeerRealm[] = [];
  return {
    cluster: stageCluster,
    async peer(name, ports, cluster = stageCluster) {
      const id: PeerId = `${name}#1`;
      const log = createEventLog();
      const realm = await harness.start(cluster, id, log.push);
      realms.push(realm);
      const peer: ContractPeer = {
        id,
        events: log.events,
        next: log.next,
        async run(command) {
          expect((await realm.run(command)).threw).toBeNull();
        },
        attempt: async (command) => (await realm.run(command)).threw,
        async ask<K extends keyof CommandValues>(command: Command & { readonly type: K }) {
          const { threw, value } = await realm.run(command);
          expect(threw).toBeNull();
          return value as CommandValues[K];
        },
        die: (death = harness.deaths[0]) => realm.die(death),
      };
      for (const port of ports) await peer.run({ type: "open", port });
      return peer;
    },
    async end() {
      await Promise.all(realms.map((realm) => realm.end()));
    },
  };
}

interface EventLog {
  readonly events: readonly PortEvent[];
  push(event: PortEvent): void;
  next: ContractPeer["next"];
}

function createEventLog(): EventLog {
  const events: PortEvent[] = [];
  const untaken: PortEvent[] = [];
  const waiting: { readonly type: PortEvent["type"]; take(event: PortEvent): void }[] = [];

  function isOf<T extends PortEvent["type"]>(event: PortEvent, type: T): event is Take<T> {
    return event.type === type;
  }

  return {
    events,
    push(event) {
      events.push(event);
      const place = waiting.findIndex(({ type }) => type === event.type);
      if (place < 0) untaken.push(event);
      else waiting.splice(place, 1)[0]?.take(event);
    },
    async next<T extends PortEvent["type"]>(type: T): Promise<Take<T>> {
      const place = untaken.findIndex((event) => event.type === type);
      const [ready] = place < 0 ? [] : untaken.splice(place, 1);
      const event = ready ?? (await new Promise<PortEvent>((take) => waiting.push({ type, take })));
      if (!isOf(event, type)) throw new Error(`Expected an event of type ${type}.`);
      expect(event.within, "told from within a method of a port").toBe(false);
      return event;
    },
  };
}
