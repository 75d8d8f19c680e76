/**
 * The callbacks of every simulated peer: a log that all of them share. A leader call appends its item, broadcasts it and
 * answers with the log's length; one whose item begins with `later` is left open until the test answers it. A
 * call to a single peer answers with the items that it has.
 *
 * @module
 */
import { type Caller, type Delivery, sameToken, type Token } from "@gen-leader/protocol";
import type { Happening, SimulatedPeer } from "./peer.js";

/** Feeds the core of the peer whose callbacks run. */
type Dispatch = (happening: Happening) => void;

/** Runs the callback that a delivery is for. */
export function runCallback(peer: SimulatedPeer, delivery: Delivery, dispatch: Dispatch): void {
  switch (delivery.type) {
    case "elected":
      peer.callbacks.push(`elected ${delivery.joiner ?? "-"}`);
      return dispatch({ type: "synced", token: delivery.token, joiner: delivery.joiner, sync: peer.log, to: "joiner" });
    case "surrendered":
      peer.callbacks.push("surrendered");
      peer.log = delivery.sync as readonly string[];
      return;
    case "from-leader":
      peer.callbacks.push(`from-leader ${delivery.sequence}`);
      peer.log = [...peer.log, String(delivery.payload)];
      return;
    case "leader-call":
      return handleLeaderCall(peer, delivery.token, delivery.caller, String(delivery.request), dispatch);
    case "leader-cast":
      peer.callbacks.push(`leader-cast ${String(delivery.payload)}`);
      return append(peer, delivery.token, String(delivery.payload), dispatch);
    case "down":
      peer.callbacks.push(`down ${delivery.peer}`);
      return;
    case "peer-call":
      return dispatch({ type: "peer-answered", caller: delivery.caller, result: { type: "value", value: peer.log } });
    case "snapshot":
      return dispatch({ type: "snapshotted", requester: delivery.requester, campaign: delivery.campaign, sync: peer.log });
    case "settle": {
      const call = peer.calls[delivery.call - 1];
      if (call === undefined) return;
      call.outcome = delivery.outcome;
      call.wasApplied = peer.log.includes(call.item);
      return;
    }
    case "peer-cast":
    case "advance":
      return;
  }
}

function handleLeaderCall(peer: SimulatedPeer, token: Token, caller: Caller, item: string, dispatch: Dispatch): void {
  // The tenure ended before the callback could begin.
  if (peer.state.phase.type !== "leading" || !sameToken(peer.state.token, token))
    return dispatch({ type: "abandoned", begun: [], waiting: [caller] });
  peer.callbacks.push(`leader-call ${item}`);
  append(peer, token, item, dispatch);
  if (item.startsWith("later")) peer.open = [...peer.open, { token, caller, item }];
  else dispatch({ type: "answered", token, caller, result: { type: "value", value: peer.log.length } });
}

function append(peer: SimulatedPeer, token: Token, item: string, dispatch: Dispatch): void {
  peer.log = [...peer.log, item];
  dispatch({ type: "broadcast", token, payload: item, to: null });
}

/** Answers a call that was left open. */
export function answerLater(peer: SimulatedPeer, item: string, dispatch: Dispatch): void {
  const answered = peer.open.find((open) => open.item === item);
  if (answered === undefined) return;
  const { token, caller } = answered;
  peer.open = peer.open.filter((open) => open !== answered);
  dispatch({ type: "answered", token, caller, result: { type: "value", value: peer.log.length } });
  finishDraining(peer, dispatch);
}

/** Nobody waits for an answer any more. */
export function forgetCaller(peer: SimulatedPeer, caller: Caller, dispatch: Dispatch): void {
  peer.open = peer.open.filter(
    ({ caller: open }) => open.peer !== caller.peer || open.call !== caller.call || open.serial !== caller.serial,
  );
  finishDraining(peer, dispatch);
}

/** A hand-over has begun: answers that are owed come first. */
export function beginDraining(peer: SimulatedPeer, token: Token, dispatch: Dispatch): void {
  peer.draining = token;
  finishDraining(peer, dispatch);
}

function finishDraining(peer: SimulatedPeer, dispatch: Dispatch): void {
  const token = peer.draining;
  if (token === null || peer.open.length > 0) return;
  peer.draining = null;
  dispatch({ type: "drained", token });
}

/** A tenure is over: what it leaves unanswered had begun. */
export function endTenure(peer: SimulatedPeer, dispatch: Dispatch): void {
  const begun = peer.open.map(({ caller }) => caller);
  peer.open = [];
  peer.draining = null;
  dispatch({ type: "abandoned", begun, waiting: [] });
}
