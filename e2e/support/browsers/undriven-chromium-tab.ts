/**
 * A tab of Chromium that no devtools look into, so that Chromium may throw its page away. It is heard through its postbox alone.
 *
 * @module
 */
import type { CDPSession } from "puppeteer-core";
import type { PageDriver } from "../browser.js";
import { type Box, boxOf, withPostbox } from "../mailbox.js";
import type { Discards } from "./chromium-discards.js";

/** Whether this is the address of such a tab: only they have a postbox here. */
export function isUndriven(url: string): boolean {
  return boxOf(url) !== null;
}

/**
 * Has the driver look into each tab that there is and will be, as puppeteer asks for by itself, or into no further one: a tab whose page was thrown
 * away is a new one, and loads the page again as soon as somebody looks. Meanwhile no tab can be opened.
 */
async function watchTabs(devtools: CDPSession, each: boolean): Promise<void> {
  const further = each ? [] : [{ type: "tab", exclude: true }];
  const filter = [{ type: "page", exclude: true }, ...further, {}];
  await devtools.connection()?.send("Target.setAutoAttach", { autoAttach: true, waitForDebuggerOnStart: true, flatten: true, filter });
}

/** `devtools` are those of the browser itself. */
export function openUndrivenTab(devtools: CDPSession, discards: () => Promise<Discards>, box: Box): PageDriver {
  let address = "";

  /** Another one each time that its page was thrown away. */
  async function target(): Promise<{ readonly targetId: string }> {
    const { targetInfos } = await devtools.send("Target.getTargets");
    const found = targetInfos.find(({ url }) => url === address);
    if (found === undefined) throw new Error(`No tab is at ${address}.`);
    return { targetId: found.targetId };
  }

  const refuse = (): Promise<never> => Promise.reject(new Error("This tab was opened to be heard, and is not driven."));
  return {
    evaluate: refuse,
    async goto(url) {
      address = withPostbox(url, box);
      await devtools.send("Target.createTarget", { url: address });
    },
    reload: refuse,
    async close() {
      try {
        await devtools.send("Target.closeTarget", await target());
      } finally {
        box.remove();
        await watchTabs(devtools, true);
      }
    },
    async bringToFront() {
      await devtools.send("Target.activateTarget", await target());
    },
    alert: refuse,
    setLifecycle: refuse,
    async discard() {
      const { discard } = await discards();
      await watchTabs(devtools, false);
      return discard(address);
    },
    freezingObstacles: async () => (await discards()).freezingObstacles(address),
  };
}
