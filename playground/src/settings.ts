/**
 * What the address of the page asks for: `?cluster=name&peer=name&role=worker&priority=n&host=worker`. All may be left out.
 *
 * @module
 */
import type { Role } from "gen-leader";
import { randomName } from "./names.js";

/** Where a peer runs: in the page itself, or in a dedicated worker of the page. */
export type Host = "page" | "worker";

/** What a peer of the playground is started with. Travels to workers. */
export interface PeerSettings {
  /** Which cluster the peer belongs to: pages with another name do not hear of it. */
  readonly cluster: string;
  readonly peer: string;
  /** Whether the peer may come by another name if somebody has this one. */
  readonly renamable: boolean;
  readonly role: Role;
  readonly priority: number;
}

/** What the page was opened with. */
export interface PageSettings {
  readonly peer: PeerSettings;
  readonly host: Host;
}

/** Reads the address. What makes no sense is taken for left out. */
export function readSettings(address: URL): PageSettings {
  const query = address.searchParams;
  const asked = query.get("peer");
  const priority = Number(query.get("priority") ?? "0");
  return {
    peer: {
      cluster: query.get("cluster") ?? "playground",
      peer: asked ?? rememberedName(),
      renamable: asked === null,
      role: query.get("role") === "worker" ? "worker" : "candidate",
      priority: Number.isFinite(priority) ? priority : 0,
    },
    host: query.get("host") === "worker" ? "worker" : "page",
  };
}

/** The address of another tab of this cluster, which finds a name of its own. */
export function siblingAddress(address: URL, cluster: string): URL {
  const sibling = new URL(address.pathname, address);
  if (cluster !== "playground") sibling.searchParams.set("cluster", cluster);
  return sibling;
}

/** A tab keeps its name when it is reloaded. */
function rememberedName(): string {
  const key = "playground-peer";
  try {
    const name = sessionStorage.getItem(key) ?? randomName();
    sessionStorage.setItem(key, name);
    return name;
  } catch {
    // Storage may be forbidden; the name is then another one after each reload.
    return randomName();
  }
}
