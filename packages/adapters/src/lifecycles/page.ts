/**
 * When a page is about to stand still, and when it goes on.
 *
 * @module
 */
import type { Lifecycle } from "@gen-leader/protocol";

/**
 * The lifecycle of this page; `null` in a worker, which has none: it just stands still with its page.
 *
 * A page stands still in two ways that may overlap. It goes into the back/forward cache: `pagehide`, and `pageshow` if it comes
 * back. It is frozen: `freeze` and `resume`, in Chromium alone. Chromium freezes what it caches as well, and then says
 * `resume` before `pageshow`; the page is back when both are over. A `pagehide` for good looks the same and needs the same.
 */
export function createPageLifecycle(host: typeof globalThis = globalThis): Lifecycle | null {
  if (typeof host.document === "undefined" || typeof host.window === "undefined") return null;
  const { document, window } = host;
  const isVisible = (): boolean => document.visibilityState === "visible";

  return {
    get visible() {
      return isVisible();
    },
    watch(listener) {
      const watching = new AbortController();
      const { signal } = watching;
      let isHidden = false;
      let isFrozen = false;

      function change(hidden: boolean, frozen: boolean): void {
        const wasSuspended = isHidden || isFrozen;
        isHidden = hidden;
        isFrozen = frozen;
        const isSuspended = isHidden || isFrozen;
        if (isSuspended && !wasSuspended) listener.suspend();
        if (!isSuspended && wasSuspended) listener.resume();
      }

      window.addEventListener("pagehide", () => change(true, isFrozen), { signal });
      // A page that is shown runs: whether `resume` was said or not.
      window.addEventListener("pageshow", () => change(false, false), { signal });
      document.addEventListener("freeze", () => change(isHidden, true), { signal });
      document.addEventListener("resume", () => change(isHidden, false), { signal });
      document.addEventListener("visibilitychange", () => listener.visible(isVisible()), { signal });
      return () => watching.abort();
    },
  };
}
