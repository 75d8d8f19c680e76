/**
 * Frames in pages of another site, whose storage browsers keep apart: here, since in windows of tests Chromium denies it to them.
 */
import { expect, needs, test } from "../../support/test.js";

test(
  "frames in pages of another site have a leader of their own, since browsers keep their storage apart",
  needs("third-party locks"),
  async ({ stage }) => {
    const tabs = await stage.openMany(2);
    const framed = await stage.openMany(2, { host: "third-party frame", apart: true });
    const cluster = framed[0]?.cluster;
    await stage.untilAgreed(tabs);
    await stage.untilAgreed(framed, cluster);
    await tabs[0]?.invoke("store", "colour", "green");
    await framed[0]?.invoke("store", "colour", "red");
    await stage.untilConverged(tabs);
    const { leader, followers, token } = await stage.untilConverged(framed, cluster);
    for (const tab of tabs) expect(await tab.invoke("entries")).toEqual([["colour", "green"]]);
    for (const tab of framed) expect(await tab.invoke("entries")).toEqual([["colour", "red"]]);
    await stage.close(leader).done;
    const succeeded = await stage.untilAgreed(followers, cluster);
    expect(succeeded.token.epoch).toBeGreaterThan(token.epoch);
    expect(await followers[0]?.invoke("entries")).toEqual([["colour", "red"]]);
  },
);
