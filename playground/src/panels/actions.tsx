import { nameOf, type PeerId } from "gen-leader";
import { useState } from "preact/hooks";
import type { Tab } from "../tab.js";

/** How long a tab hangs when it is asked to. */
const hangMs = 5_000;
/** How long the page takes to show that it is about to hang. */
const noticeMs = 50;
/** How long newly opened tabs may take before it is said that they may have been blocked. */
const openingMs = 4_000;

/** What a person can do to the cluster. */
export function Actions({ tab }: { readonly tab: Tab }) {
  const [notice, setNotice] = useState("");
  const [successor, setSuccessor] = useState<PeerId | "">("");
  const snapshot = tab.peer?.snapshot;
  const successors = (snapshot?.candidates ?? []).filter((id) => id !== snapshot?.leader);
  const chosen = successors.find((id) => id === successor) ?? successors[0];
  const leadingWorker = tab.leadingWorker;

  function attempt(work: Promise<unknown>): void {
    setNotice("");
    work.catch((error: unknown) => setNotice(error instanceof Error ? error.message : String(error)));
  }

  function open(count: number): void {
    setNotice("");
    const before = tab.shared.arrivals;
    tab.openTabs(count);
    setTimeout(() => {
      const missing = count - (tab.shared.arrivals - before);
      if (missing > 0) setNotice(`${missing} of ${count} tabs did not report. If the browser blocked them, allow pop-ups for this page.`);
    }, openingMs);
  }

  function hang(): void {
    setNotice(`Hanging for ${hangMs / 1000} s…`);
    // Not at once, so that the notice is on the screen before the page stands still. A frame may never come in a covered tab.
    setTimeout(() => {
      tab.hang(hangMs);
      setNotice("Back again.");
    }, noticeMs);
  }

  const ready = snapshot?.running === true;
  return (
    <section class="panel actions" aria-labelledby="actions-title">
      <h2 id="actions-title">Try it</h2>
      <fieldset>
        <legend>More peers</legend>
        <button type="button" onClick={() => open(1)}>
          Open a tab
        </button>
        <button type="button" onClick={() => open(4)}>
          Open 4 tabs
        </button>
        <button type="button" disabled={snapshot === undefined} onClick={() => attempt(tab.addWorker())}>
          Add a worker here
        </button>
      </fieldset>
      <fieldset>
        <legend>Change the leader</legend>
        <button type="button" disabled={!ready || successors.length === 0} onClick={() => attempt(tab.handOver(null))}>
          Step down
        </button>
        <span class="joined">
          <label class="visually-hidden" for="successor">
            Successor
          </label>
          <select
            id="successor"
            value={chosen ?? ""}
            disabled={successors.length === 0}
            onChange={({ currentTarget }) => setSuccessor(successors.find((id) => id === currentTarget.value) ?? "")}
          >
            {successors.length === 0 && <option value="">nobody else</option>}
            {successors.map((id) => (
              <option key={id} value={id}>
                {nameOf(id)}
              </option>
            ))}
          </select>
          <button
            type="button"
            disabled={!ready || chosen === undefined}
            onClick={() => chosen !== undefined && attempt(tab.handOver(chosen))}
          >
            Hand over
          </button>
        </span>
      </fieldset>
      <fieldset>
        <legend>Break things</legend>
        <button type="button" class="danger" disabled={leadingWorker === undefined} onClick={() => leadingWorker?.terminate?.()}>
          Crash the leading worker
        </button>
        <button type="button" class="danger" onClick={hang}>
          Hang this tab for 5 s
        </button>
        {leadingWorker === undefined && <p class="hint">To crash a leader, hand over to a worker of this tab first.</p>}
      </fieldset>
      <p class="notice" role="status">
        {notice}
      </p>
    </section>
  );
}
