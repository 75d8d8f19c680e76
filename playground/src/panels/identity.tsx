import { nameOf } from "gen-leader";
import { peerColour } from "../colour.js";
import type { PeerSnapshot } from "../peer.js";
import type { Tab } from "../tab.js";
import { Crown, PeerName } from "./peer-name.js";

/** Who this tab is, who leads, and under which token. */
export function Identity({ tab }: { readonly tab: Tab }) {
  const { peer, failure } = tab;
  if (failure !== null)
    return (
      <section class="identity" aria-label="This tab">
        <p class="failure" role="alert">
          This tab could not join: {failure}
        </p>
      </section>
    );
  if (peer === null)
    return (
      <section class="identity" aria-label="This tab" aria-busy="true">
        <p class="who">Joining…</p>
      </section>
    );
  const { snapshot, server, host } = peer;
  const name = nameOf(snapshot.self);
  return (
    <section class="identity" aria-label="This tab" style={{ "--peer": peerColour(name) }} data-phase={snapshot.phase}>
      <div class="who" aria-live="polite">
        <p class="eyebrow">{host === "worker" ? "A worker of this tab is" : "This tab is"}</p>
        <p class="name">
          {name}
          {snapshot.isLeader && <Crown />}
        </p>
        <p class="stance">
          <Stance snapshot={snapshot} />
        </p>
      </div>
      <dl class="facts">
        <div>
          <dt>Leader</dt>
          <dd>{snapshot.leader === null || !snapshot.running ? "nobody" : <PeerName name={nameOf(snapshot.leader)} leads />}</dd>
        </div>
        <div>
          <dt>Epoch</dt>
          <dd class="number">{snapshot.epoch === 0 ? "–" : snapshot.epoch}</dd>
        </div>
        <div>
          <dt>Fencing token</dt>
          <dd class="number">{snapshot.token === null ? "–" : `(${snapshot.token.epoch}, ${snapshot.token.leader})`}</dd>
        </div>
        <div>
          <dt>Promised here</dt>
          <dd title={server.guarantees.caveats.join(" ")}>
            {fenceText[server.guarantees.fence]}
            <br />
            {server.guarantees.failureDetection === "perfect" ? "Death is noticed at once" : "Death is noticed by silence"}
          </dd>
        </div>
      </dl>
    </section>
  );
}

const fenceText = {
  "web-lock": "One leader by Web Lock",
  "shared-memory": "One leader by shared memory",
  memory: "One leader, in memory",
  none: "One leader per token",
} as const;

function Stance({ snapshot }: { readonly snapshot: PeerSnapshot }) {
  if (!snapshot.running) return <>has ended</>;
  if (snapshot.isLeader) return <>leads {others(snapshot.alive.length - 1)}</>;
  if (snapshot.phase === "following" && snapshot.leader !== null)
    return (
      <>
        follows <PeerName name={nameOf(snapshot.leader)} />
      </>
    );
  return <>{snapshot.phase === "away" ? "is suspended" : "is looking for a leader"}</>;
}

function others(count: number): string {
  if (count === 0) return "nobody but itself";
  return count === 1 ? "one other peer" : `${count} other peers`;
}
