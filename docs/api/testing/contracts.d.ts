import { a as Medium, i as Guarantees, n as DownReason, s as PeerId, t as Clock } from "./shared/ports.js";
import { i as PortName, n as Outcome, r as PortEvent, t as Command } from "./shared/commands.js";
import { PortAgent, createPortAgent } from "./contracts/port-agent.js";

//#region src/contracts/clock.d.ts
/** Defines the tests of the clocks that `createClock` makes. */
declare function testClock(title: string, createClock: () => Clock): void;
//#endregion
//#region src/contracts/stage.d.ts
/** One peer in its realm, as the harness runs it. */
interface PeerRealm {
  run(command: Command): Promise<Outcome>;
  /** Ends the peer without a good-bye, in one of the harness's ways. Resolves once it has been done. */
  die(death: string): Promise<void>;
  /** Frees what the realm holds; after `die` as well. */
  end(): Promise<void>;
}
/** What an adapter's test supplies. */
interface ContractHarness {
  /** The medium under test, as it describes itself. */
  readonly guarantees: Guarantees;
  /** The ways in which a realm can end here, such as `"terminate"`; the first is used where any will do. */
  readonly deaths: readonly [string, ...string[]];
  /** What monitors hear of a peer that dies. */
  readonly deathIsHeardAs: DownReason;
  /** What monitors hear of a peer that closes its failure detector. */
  readonly closingIsHeardAs: DownReason;
  /** Whether one peer that is busy for a while disturbs none of the others; if it does, why it does. */
  readonly parallel: true | string;
  /** Makes a peer with its ports closed, in a realm of its own where there are several. */
  start(cluster: string, id: PeerId, report: (event: PortEvent) => void): Promise<PeerRealm>;
}
//#endregion
//#region src/contracts/failure-detector.d.ts
/** Defines the tests of the failure detector that `harness` makes. */
declare function testFailureDetector(title: string, harness: ContractHarness): void;
//#endregion
//#region src/contracts/fence.d.ts
/** Defines the tests of the fence that `harness` makes. */
declare function testFence(title: string, harness: ContractHarness): void;
//#endregion
//#region src/contracts/local-realm.d.ts
/** Runs a peer here. `die` makes it look dead to the others, as the medium's own tests do. */
declare function createLocalRealm(medium: Medium, id: PeerId, report: (event: PortEvent) => void, die: (self: PeerId) => void): PeerRealm;
//#endregion
//#region src/contracts/transport.d.ts
/** Defines the tests of the transport that `harness` makes. */
declare function testTransport(title: string, harness: ContractHarness): void;
//#endregion
export { type Command, type ContractHarness, type Outcome, type PeerRealm, type PortAgent, type PortEvent, type PortName, createLocalRealm, createPortAgent, testClock, testFailureDetector, testFence, testTransport };