/**
 * The fence of a world: one holds it, the others wait in line, a thief takes it from a holder. As the fence in memory does it, with what
 * it tells still on its way.
 *
 * @module
 */
import type { FenceEvent, PeerId } from "gen-leader/protocol";
import { bearerOf, type Draft, type FenceState } from "./world.js";

function tell(draft: Draft, id: PeerId, event: FenceEvent["type"]): void {
  const realm = bearerOf(draft.realms, id);
  if (realm === undefined) return;
  // Told twice before it was heard once is one and the same.
  if (realm.fenceEvents.at(-1) === event) return;
  draft.realms[realm.slot] = { ...realm, fenceEvents: [...realm.fenceEvents, event] };
}

/** Who holds the fence has changed: a question that is under way may be answered with either. */
function set(draft: Draft, fence: FenceState): void {
  const { holder } = fence;
  if (holder !== draft.fence.holder) {
    for (const realm of draft.realms) {
      if (realm.answers.every(({ holders }) => holders.includes(holder))) continue;
      const answers = realm.answers.map((answer) =>
        answer.holders.includes(holder) ? answer : { query: answer.query, holders: [...answer.holders, holder] },
      );
      draft.realms[realm.slot] = { ...realm, answers };
    }
  }
  draft.fence = fence;
}

function grant(draft: Draft, id: PeerId, queue: readonly PeerId[]): void {
  set(draft, { holder: id, queue });
  tell(draft, id, "granted");
}

export function requestFence(draft: Draft, id: PeerId): void {
  const { holder, queue } = draft.fence;
  if (holder === null || holder === id) return grant(draft, id, queue);
  if (!queue.includes(id)) set(draft, { holder, queue: [...queue, id] });
  tell(draft, id, "busy");
}

/** Gives the fence back or withdraws a request: what was still to be told of it is not told any more. Also what happens when its owner ends. */
export function releaseFence(draft: Draft, id: PeerId): void {
  const realm = bearerOf(draft.realms, id);
  if (realm !== undefined && realm.fenceEvents.length > 0) draft.realms[realm.slot] = { ...realm, fenceEvents: [] };
  const queue = draft.fence.queue.filter((waiter) => waiter !== id);
  if (draft.fence.holder !== id) return set(draft, { holder: draft.fence.holder, queue });
  const [next, ...others] = queue;
  if (next === undefined) set(draft, { holder: null, queue });
  else grant(draft, next, others);
}

export function stealFence(draft: Draft, thief: PeerId, accused: PeerId): void {
  const { holder } = draft.fence;
  const queue = draft.fence.queue.filter((waiter) => waiter !== thief);
  if (holder !== accused) {
    set(draft, { holder, queue });
    return tell(draft, thief, "ended");
  }
  const victim = bearerOf(draft.realms, accused);
  if (victim !== undefined && victim.state.self !== thief) {
    // A grant that it never heard of ends as a request does.
    const knew = !victim.fenceEvents.includes("granted");
    const isAsleep = victim.life !== "up";
    draft.realms[victim.slot] = { ...victim, fenceEvents: [knew ? "lost" : "ended"], robbedAsleep: victim.robbedAsleep || isAsleep };
  }
  grant(draft, thief, queue);
}
