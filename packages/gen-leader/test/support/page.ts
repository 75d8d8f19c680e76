/**
 * A realm that the test suspends, resumes, shows and hides, as a browser does with a page.
 *
 * @module
 */
import type { Lifecycle, MediumFactory } from "@gen-leader/protocol";

type Listener = Parameters<Lifecycle["watch"]>[0];

export interface Page {
  /** The medium of a peer in the page. */
  readonly medium: MediumFactory;
  /** How many watch the page. */
  readonly watchers: number;
  suspend(): void;
  resume(): void;
  show(): void;
}

/** A page in which peers reach each other over `medium`. Hidden at first. */
export function createPage(medium: MediumFactory): Page {
  const listeners = new Set<Listener>();
  let visible = false;
  const lifecycle: Lifecycle = {
    get visible() {
      return visible;
    },
    watch(listener) {
      const own = { ...listener };
      listeners.add(own);
      return () => listeners.delete(own);
    },
  };
  const tell = (what: (listener: Listener) => void): void => {
    for (const listener of [...listeners]) what(listener);
  };
  return {
    medium: (name, options) => ({ ...medium(name, options), lifecycle }),
    get watchers() {
      return listeners.size;
    },
    suspend: () => tell((listener) => listener.suspend()),
    resume: () => tell((listener) => listener.resume()),
    show() {
      visible = true;
      tell((listener) => listener.visible(true));
    },
  };
}
