/**
 * What must hold of every single step of a core: a checker says in words what is wrong, or `null`.
 *
 * @module
 */
import { compareTokens, type Delivery, type Effect, type PeerId, printToken, sameToken } from "gen-leader/protocol";
import { cursorAtVictory, followCallbacks } from "./callback-order.js";
import type { ExplorationOptions } from "./options.js";
import type { ObservedStep } from "./platform.js";

export type StepChecker = (step: ObservedStep, options: ExplorationOptions) => string | null;

/** Promise 2: at every peer the highest epoch and the token only grow. */
export const epochsOnlyGrow: StepChecker = ({ before, after }) => {
  if (after.highestEpoch < before.highestEpoch) return `its highest epoch shrank from ${before.highestEpoch} to ${after.highestEpoch}`;
  return compareTokens(after.token, before.token) < 0
    ? `its token shrank from ${printToken(before.token)} to ${printToken(after.token)}`
    : null;
};

/** Promises 1 and 2: with a fence, every election that is won has a larger epoch than those before; without one, no two tenures have one token. */
export const tokensWonGrow: StepChecker = ({ draft, before, after }, { fenced }) => {
  if (after.phase.type !== "leading" || before.phase.type === "leading") return null;
  const { won } = draft;
  if (won === null || after.token === null) return null;
  const isLarger = fenced ? after.token.epoch > won.epoch : !sameToken(after.token, won);
  return isLarger ? null : `won ${printToken(after.token)} after ${printToken(won)} was won`;
};

/**
 * Promise 1: what only a leader does is done by the holder of the fence. One that was robbed while it ran may not know yet; one that was
 * robbed while it stood still lets nothing out when it goes on.
 */
export const leadersHoldTheFence: StepChecker = ({ draft, realm, before, effects }, { fenced }) => {
  if (!fenced || draft.fence.holder === before.self) return null;
  if (realm.fenceEvents.includes("lost") && !realm.robbedAsleep) return null;
  const act = effects.find((effect) => isAct(effect, before.self));
  return act === undefined ? null : `lets out ${act.type} although ${draft.fence.holder ?? "nobody"} holds the fence`;
};

/** Promises 3 and 4: `surrendered` comes before every `fromLeader` of a token, `elected` before every leader call; broadcasts come in order, once, without a gap. */
export const callbacksAreInOrder: StepChecker = ({ realm, effects, before, after }) => {
  const { complaint } = followCallbacks(cursorAtVictory(realm.cursor, before, after), effects);
  return complaint;
};

/** Promise 4: a leader numbers its broadcasts without a gap. */
export const broadcastsAreNumbered: StepChecker = ({ realm, effects, before, after }) => {
  let { sequence } = cursorAtVictory(realm.cursor, before, after);
  for (const effect of effects) {
    if (effect.type !== "post" || effect.message.type !== "broadcast") continue;
    sequence += 1;
    if (effect.message.sequence !== sequence) return `broadcasts ${effect.message.sequence} where ${sequence} is next`;
  }
  return null;
};

/** Promise 5: a call is settled once, and one that succeeds has been applied by the caller's own peer. */
export const callsAreSettledOnce: StepChecker = ({ before, effects, draft, realm }) => {
  const settled = new Set<number>();
  for (const effect of effects) {
    if (effect.type !== "deliver" || effect.delivery.type !== "settle") continue;
    const { call, outcome } = effect.delivery;
    if (settled.has(call) || (!before.calls.has(call) && !before.peerCalls.has(call))) {
      // A call may be made and settled in one step; then it is the latest one.
      if (settled.has(call) || call !== draft.realms[realm.slot]?.callsMade) return `call ${call} is settled twice`;
    }
    settled.add(call);
    if (outcome.type !== "result") continue;
    const item = `${realm.name}${call}`;
    const delivered = effects.some((other) => other.type === "deliver" && bringsItem(other.delivery, item));
    if (!realm.log.includes(item) && !delivered) return `call ${call} succeeds before its own peer has applied "${item}"`;
  }
  return null;
};

function bringsItem(delivery: Delivery, item: string): boolean {
  if (delivery.type === "from-leader") return delivery.payload === item;
  return delivery.type === "surrendered" && Array.isArray(delivery.sync) && delivery.sync.includes(item);
}

/**
 * Promise 4: whoever is elected has applied every answered call that a peer which acknowledged it, and still runs, has applied. Peers that
 * were given up for their silence do not count.
 */
export const nothingAcknowledgedIsLost: StepChecker = ({ draft, realm, before, after }) => {
  // A source that falls silent is given up, and callbacks and users are told that something may be lost.
  if (after.phase.type !== "leading" || before.phase.type !== "contending" || before.phase.mayHaveLost) return null;
  const { acknowledged: witnessed } = before.phase;
  const witnesses = draft.realms.filter(
    ({ life, state: { self, phase } }) => life === "up" && witnessed.has(self) && phase.type === "halted" && phase.contender === after.self,
  );
  const acknowledged = new Set(draft.realms.flatMap(({ answered }) => answered));
  for (const { log, state } of witnesses) {
    if (!sharesRoot(state.position.root, before.position.root)) continue;
    const lost = log.find((item) => acknowledged.has(item) && !realm.log.includes(item));
    if (lost !== undefined) return `is elected without "${lost}", which was acknowledged and which ${state.self} has applied`;
  }
  return null;
};

function sharesRoot(one: Parameters<typeof sameToken>[0], other: Parameters<typeof sameToken>[0]): boolean {
  return one === null || other === null || sameToken(one, other);
}

/** Whether an effect is something that only a leader does, and that others, or its own users, act on. */
function isAct(effect: Effect, self: PeerId): boolean {
  switch (effect.type) {
    case "post":
      return effect.message.type === "broadcast" || effect.message.type === "announce";
    case "send":
      return effect.message.type === "reply" || effect.message.type === "welcome" || effect.message.type === "missed";
    case "deliver": {
      const { delivery } = effect;
      if (delivery.type === "leader-call" || delivery.type === "leader-cast") return true;
      return delivery.type === "settle" && delivery.outcome.type === "result" && delivery.outcome.token?.leader === self;
    }
    default:
      return false;
  }
}

/** Every checker of steps, by its name. */
export const stepCheckers: ReadonlyMap<string, StepChecker> = new Map(
  Object.entries({
    epochsOnlyGrow,
    tokensWonGrow,
    leadersHoldTheFence,
    callbacksAreInOrder,
    broadcastsAreNumbered,
    callsAreSettledOnce,
    nothingAcknowledgedIsLost,
  }),
);
