import { a as Medium, s as PeerId } from "../shared/ports.js";
import { n as Outcome, r as PortEvent, t as Command } from "../shared/commands.js";

//#region src/contracts/port-agent.d.ts
/** One peer, as its realm runs it. */
interface PortAgent {
  /** The id that its ports were last opened under. */
  readonly self: PeerId;
  run(command: Command): Promise<Outcome>;
}
/** An agent of `id` over `medium`, whose ports are not open yet. `report` gets what they tell. */
declare function createPortAgent(medium: Medium, id: PeerId, report: (event: PortEvent) => void): PortAgent;
//#endregion
export { PortAgent, createPortAgent };