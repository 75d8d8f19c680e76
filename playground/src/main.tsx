/**
 * The page: starts this tab's peer and shows it.
 *
 * @module
 */
import { render } from "preact";
import { App } from "./app.js";
import type { PlaygroundEvent } from "./events.js";
import type { PlaygroundServer } from "./peer.js";
import { readSettings } from "./settings.js";
import { openTab } from "./tab.js";
import "./style.css";

/** What the page shows to scripts: to the console of a curious person, and to the end-to-end tests. */
export interface Playground {
  /** This page's peer, wherever it runs; there once `ready` has resolved. */
  readonly server: PlaygroundServer;
  /** What this tab's peers recorded, oldest first; each is also an event `playground:event` of the window. */
  readonly events: readonly PlaygroundEvent[];
  /** Resolves when the peer has started. */
  readonly ready: Promise<void>;
}

declare global {
  interface Window {
    readonly playground: Playground;
  }
}

const tab = openTab(readSettings(new URL(location.href)));

const playground: Playground = {
  get server() {
    if (tab.ownPeer === null) throw new Error("The peer has not started; wait for playground.ready.");
    return tab.ownPeer.server;
  },
  events: tab.ownEvents,
  ready: tab.ready.then(() => undefined),
};
Object.defineProperty(window, "playground", { value: playground });

const root = document.querySelector("#app");
if (root !== null) render(<App tab={tab} />, root);
