import { useEffect, useState } from "preact/hooks";
import { assignColours } from "./colour.js";
import { Actions } from "./panels/actions.js";
import { Dictionary } from "./panels/dictionary.js";
import { Identity } from "./panels/identity.js";
import { LatencyPanel } from "./panels/latency.js";
import { Members } from "./panels/members.js";
import { Timeline } from "./panels/timeline.js";
import type { Tab } from "./tab.js";

/** Draws a component again whenever the tab has changed, once for changes that come together. */
function useTab(tab: Tab): void {
  const [, setVersion] = useState(0);
  useEffect(() => {
    let due = false;
    return tab.subscribe(() => {
      if (due) return;
      due = true;
      queueMicrotask(() => {
        due = false;
        setVersion((version) => version + 1);
      });
    });
  }, [tab]);
}

/** The whole page. */
export function App({ tab }: { readonly tab: Tab }) {
  useTab(tab);
  assignColours(tab.shared.names);
  return (
    <>
      <header class="masthead">
        <h1>
          gen-leader <span>playground</span>
        </h1>
        <p>
          Every tab of this page is a peer. One leads, the others follow. Close, hang or crash the leader: another takes over, and the
          dictionary stays.
        </p>
      </header>
      <main>
        <Identity tab={tab} />
        <Timeline tab={tab} />
        <Actions tab={tab} />
        <Members tab={tab} />
        <Dictionary tab={tab} />
        <LatencyPanel tab={tab} />
      </main>
      <footer>
        State lives in the tabs alone: as long as one is open, everything stays. <code>window.playground</code> is for the curious.
      </footer>
    </>
  );
}
