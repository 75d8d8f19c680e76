/**
 * The rules that mutants break. Those marked † and ‡ are all that the design marks so, one entry for each sentence that can be
 * broken by itself; the promises are those of its second section.
 *
 * @module
 */
export const rules = {
  "† accuses nobody after a gap": "After a gap of its own a peer waits for fresh answers before it accuses anybody.",
  "† doubts itself first": "After a gap a leader lets out no effect until the fence, queried, still names it.",
  "† replies are withheld": "A reply names the position that it follows and is withheld until the caller's peer has applied it.",
  "† broadcasts go before replies": "A broadcast is posted before any reply is let out, local ones too.",
  "† elected anew above a larger token": "A leader that hears of a larger token is elected anew at a higher epoch before it welcomes.",
  "† waits for the silent": "Who was not counted on does not lead past a silent member until abandonMs; then it says so.",
  "† halted is deaf":
    "From its acknowledgement until the announcement a peer applies nothing of an older token; down, withdrawal and electionMs end that.",
  "‡ members by surrendering": "A peer takes over a member list only when it surrenders to it.",
  "‡ in doubt, contend": "With a fence double contention is harmless and mutual deferral is not.",
  "‡ who speaks holds the fence": "A halt, an announcement and a welcome are obeyed only if their sender holds the fence.",
  "‡ in order while it asks": "Messages are handled in order while the query runs.",
  "‡ obeys its own contender": "Without a fence a halted peer obeys only the announcement of the contender that it acknowledged.",
  "‡ says join": "Who must queue, was ended by a steal, or leaves the halted state without an announcement sends join.",
  "‡ a message lifts down": 'A message from the present holder of the fence lifts "down" from it.',
  "‡ resigning is said": "A resigning leader or withdrawing contender says so to every peer.",
  "1 one leader": "At most one peer's acts take effect at any instant.",
  "2 epochs grow": "Epochs only grow, at every peer, and across the closing of all.",
  "3 callback order": "elected and surrendered come before what belongs to their tenure; one callback at a time.",
  "4 broadcasts": "Broadcasts arrive in order, once, without a gap; a new leader catches up; losses are told.",
  "5 calls": "A call is answered once, executed at most once, and its caller reads its own writes.",
  "6 progress": "When failures stop, everybody ends in one cluster; hung leaders are replaced.",
  "7 data outlives its leader": "Who holds state is preferred to a blank peer; who loses broadcasts is told.",
  "8 no peer takes others down": "Malformed, foreign and replayed messages are dropped and depose nobody.",
} as const;

export type RuleId = keyof typeof rules;

/** Every rule of the design that came out of a review or a model checker: each has a mutant. */
export const markedRules: readonly RuleId[] = Object.keys(rules)
  .filter(isRule)
  .filter((id) => id.startsWith("†") || id.startsWith("‡"));

function isRule(id: string): id is RuleId {
  return Object.hasOwn(rules, id);
}
