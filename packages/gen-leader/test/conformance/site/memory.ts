/**
 * A site in this thread: every peer in a realm of its own over one memory hub.
 *
 * @module
 */
import { createMemoryHub } from "@gen-leader/adapters/memory";
import type { MediumFactory, PeerId } from "@gen-leader/protocol";
import { createRealm } from "gen-leader";
import { patient } from "../../support/patience.js";
import { createGate, gated } from "./gate.js";
import { createHost } from "./host.js";
import type { Order, Report } from "./messages.js";
import { createPartition } from "./partition.js";
import { createSite, type Site } from "./site.js";

/** What the peers of a site have for a medium. */
export interface MemorySiteOptions {
  /** Without a fence a partition makes two leaders. @default true */
  readonly fenced?: boolean;
}

export function createMemorySite({ fenced = true }: MemorySiteOptions = {}): Site {
  const hub = createMemoryHub();
  const partition = createPartition();
  return createSite({
    name: "memory",
    // What happens here must not need a timer, unless the scenario says so.
    limits: patient,
    network: {
      split: (...groups) => partition.split(groups.map((group) => group.map(({ name }) => name))),
      heal: () => partition.heal(),
    },
    open(name, report) {
      const gate = createGate();
      const ids = new Set<PeerId>();
      const medium: MediumFactory = (cluster) => {
        const whole = hub.medium(cluster);
        const { transport } = whole;
        const noted = {
          ...whole,
          fence: fenced ? whole.fence : null,
          transport: {
            ...transport,
            open(self: PeerId, receive: (frame: unknown) => void) {
              ids.add(self);
              return transport.open(self, receive);
            },
          },
        };
        return gated(partition.medium(name, noted), gate);
      };
      let dead = false;
      const host = createHost({
        realm: createRealm(medium),
        namespace: "",
        // As between threads, nothing is shared: what a record holds does not change any more.
        report(what: Report) {
          if (!dead) report(structuredClone(what));
        },
      });
      const running = new Set<string>();
      const obey = (order: Order) => gate.pass(() => host.obey(structuredClone(order)));
      return Promise.resolve({
        order(order: Order) {
          running.add(order.server);
          obey(order);
        },
        kill() {
          dead = true;
          gate.close();
          for (const id of ids) hub.crash(id);
        },
        freeze() {
          gate.freeze();
          return Promise.resolve();
        },
        thaw: () => gate.thaw(),
        close() {
          gate.thaw();
          for (const server of running) obey({ server, number: 0, command: { type: "stop" } });
          return Promise.resolve();
        },
      });
    },
  });
}
