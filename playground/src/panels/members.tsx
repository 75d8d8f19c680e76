import { type Member, nameOf, type PeerId } from "gen-leader";
import type { Tab } from "../tab.js";
import { PeerName } from "./peer-name.js";

/** How many of those that are gone are named. */
const downShown = 4;

/** Who is up, in which role and state, and who went. */
export function Members({ tab }: { readonly tab: Tab }) {
  const snapshot = tab.peer?.snapshot;
  const here = new Map(tab.peers.map((peer) => [peer.snapshot.self, peer.host]));
  return (
    <section class="panel members" aria-labelledby="members-title">
      <h2 id="members-title">
        Members <span class="count">{snapshot?.alive.length ?? 0}</span>
      </h2>
      <table>
        <thead>
          <tr>
            <th scope="col">Peer</th>
            <th scope="col">Role</th>
            <th scope="col">State</th>
          </tr>
        </thead>
        <tbody>
          {snapshot?.members.map((member) => (
            <tr key={member.id} data-leads={member.id === snapshot.leader}>
              <th scope="row" title={member.id}>
                <span class="cell">
                  <PeerName name={nameOf(member.id)} leads={member.id === snapshot.leader} />
                  {here.has(member.id) && <span class="chip">{here.get(member.id) === "worker" ? "worker of this tab" : "this tab"}</span>}
                </span>
              </th>
              <td>
                {member.role}
                {member.priority !== 0 && <span class="dim"> {member.priority}</span>}
              </td>
              <td>{stateOf(member, snapshot.leader, snapshot.inStep)}</td>
            </tr>
          ))}
          {snapshot?.down.slice(0, downShown).map((id) => (
            <tr key={id} class="down">
              <th scope="row" title={id}>
                <PeerName name={nameOf(id)} />
              </th>
              <td>–</td>
              <td>down</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function stateOf(member: Member, leader: PeerId | null, inStep: readonly PeerId[]): string {
  if (member.id === leader) return "leads";
  if (leader === null) return "waiting";
  return inStep.includes(member.id) ? "in step" : "joining";
}
