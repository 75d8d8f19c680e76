/**
 * Stories of frames that no peer would send now: forged, replayed, absurd. They depose nobody.
 *
 * @module
 */
import type { SimulatedPeer } from "@gen-leader/testing";
import type { Member, Message, PeerId, Token } from "gen-leader/protocol";
import { createStage, startAll } from "./stage.js";
import type { Story } from "./story.js";

const now = 1_000_000;

function memberOf(id: PeerId): Member {
  return { id, role: "candidate", priority: 0, preference: 0, version: 0 };
}

/** What `c` might say if it took itself for the leader of a later tenure. */
function claims(c: PeerId, epoch: number, all: readonly PeerId[]): readonly Message[] {
  const token: Token = { epoch, leader: c };
  const members = all.map(memberOf);
  return [
    { gl: 1, from: c, type: "halt", campaign: token, member: memberOf(c), position: { token: null, sequence: 0, root: null } },
    { gl: 1, from: c, type: "announce", token, campaign: token, members, sync: [], root: null, ancestry: [] },
    { gl: 1, from: c, type: "welcome", token, sequence: 0, members, sync: [], root: null, ancestry: [] },
    { gl: 1, from: c, type: "removed", token },
  ];
}

function claimStory(place: number, what: string): Story {
  return {
    name: `a ${what} of somebody who does not hold the fence deposes nobody`,
    tell() {
      const stage = createStage();
      const peers = startAll(stage, ["a", "b", "c"]);
      const ids = peers.map(({ state }) => state.self);
      const [a, b, c] = peers;
      const claim = claims(c?.state.self ?? "c#3", now + 100_000, ids)[place];
      if (a === undefined || b === undefined || claim === undefined) return;
      for (const to of [b, a]) {
        stage.forge(to, claim);
        stage.cluster.run(20);
        stage.expect(isLedBy(a, peers), "deposes-nobody", `obeyed a forged ${what}`);
      }
      stage.settle();
    },
  };
}

function isLedBy(a: SimulatedPeer, peers: readonly SimulatedPeer[]): boolean {
  const { self } = a.state;
  return peers.every(
    (peer) =>
      (peer === a && peer.state.phase.type === "leading") || (peer.state.phase.type === "following" && peer.state.phase.leader === self),
  );
}

export const hostileStories: readonly Story[] = [
  ...["halt", "announcement", "welcome", "removal"].map((what, place) => claimStory(place, what)),
  {
    name: "an epoch that is absurd is malformed",
    tell() {
      const stage = createStage();
      const peers = startAll(stage, ["a", "b"]);
      const [a, b] = peers;
      if (a === undefined || b === undefined) return;
      const { position, self } = b.state;
      stage.forge(a, {
        gl: 1,
        from: self,
        type: "join",
        member: memberOf(self),
        position,
        highestEpoch: Number.MAX_SAFE_INTEGER - 1,
        lists: "",
      });
      stage.cluster.run(1000);
      stage.expect((a.state.token?.epoch ?? 0) < 10 * now, "epochs-are-sane", "took an absurd epoch over");
      stage.cluster.call(b, "i1");
      stage.settle();
    },
  },
];
