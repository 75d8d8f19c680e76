/**
 * What a story does to single frames of its network: rules that each fit a kind of message, on some ways, some times.
 */
import type { Fault, SimulatedFrame } from "@gen-leader/testing";
import { nameOf } from "../../src/index.js";
import { type Command, numberOf } from "./command.js";

interface Disturbance {
  readonly fault: Fault;
  readonly message: string;
  readonly from: string | undefined;
  readonly to: string | undefined;
  times: number;
}

export class Disturbances {
  readonly #rules: Disturbance[] = [];

  /** `lose <message> [from=a] [to=b] [times=2]`; `duplicate` alike, `delay <message> <ms>`. The message `any` fits all. */
  add({ words, options }: Command, fault: Fault): void {
    const [message = "any"] = words;
    const times = options.has("times") ? numberOf(options.get("times")) : 1;
    this.#rules.push({ fault, message, from: options.get("from"), to: options.get("to"), times });
  }

  /** The fault of the first rule that fits and is not used up. */
  readonly of = ({ from, to, message }: SimulatedFrame): Fault | null => {
    const rule = this.#rules.find(
      (one) =>
        one.times > 0 &&
        (one.message === "any" || one.message === message.type) &&
        (one.from === undefined || one.from === nameOf(from)) &&
        (one.to === undefined || one.to === nameOf(to)),
    );
    if (rule === undefined) return null;
    rule.times -= 1;
    return rule.fault;
  };
}
