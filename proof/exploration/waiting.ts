/**
 * Whether a message that waits at a realm which stands still says the same as a later one: `sameWhenWaiting`. The later one
 * takes its place. This leaves out worlds in which such a realm hears the same thing twice.
 *
 * @module
 */
import type { Message } from "gen-leader/protocol";

const texts = new WeakMap<Message, string>();

/** A message without its nonce: of two challenges of one peer the later counts. */
function textOf(message: Message): string {
  const known = texts.get(message);
  if (known !== undefined) return known;
  const text = JSON.stringify(message, (key, value: unknown) => (key === "nonce" ? 0 : value));
  texts.set(message, text);
  return text;
}

export function sameWhenWaiting(one: Message, other: Message): boolean {
  return one.type === other.type && textOf(one) === textOf(other);
}
