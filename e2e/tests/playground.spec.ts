/**
 * The playground, as a person uses it: its buttons, its keyboard, its small screen.
 */
import { AxeBuilder } from "@axe-core/playwright";
import type { BrowserContext, Page } from "@playwright/test";
import { agreedLeader, expect, fact, ownName, test } from "../support/playground.js";

/** Clicks a button that opens tabs, and returns them once they are there. */
async function openWith(page: Page, context: BrowserContext, button: string, count: number): Promise<readonly Page[]> {
  const before = context.pages().length;
  const opened = new Promise<readonly Page[]>((resolve) => {
    context.on("page", () => {
      if (context.pages().length === before + count) resolve(context.pages().slice(before));
    });
  });
  await page.getByRole("button", { name: button, exact: true }).click();
  return opened;
}

function entry(page: Page, key: string) {
  return page
    .getByRole("list", { name: "Entries" })
    .getByRole("listitem")
    .filter({ has: page.getByText(key, { exact: true }) });
}

test("the playground opens further tabs, which agree on a leader and have one dictionary", async ({ visit }) => {
  const page = await visit.open();
  expect(await agreedLeader([page], 1)).toBe(await ownName(page));
  await page.getByLabel("Key").fill("colour");
  await page.getByLabel("Value").fill("green");
  await page.getByRole("button", { name: "Store" }).click();
  await expect(entry(page, "colour")).toContainText("green");

  const others = await openWith(page, visit.context, "Open 4 tabs", 4);
  const pages = [page, ...others];
  expect(await agreedLeader(pages, 5)).toBe(await ownName(page));
  for (const other of others) await expect(entry(other, "colour")).toContainText("green");
  expect(await page.evaluate("window.opener")).toBeNull();

  const last = others[3];
  await last?.getByLabel("Key").fill("list");
  await last?.getByLabel("Value").fill("1");
  await last?.getByRole("button", { name: "Append" }).click();
  await last?.getByLabel("Value").fill("2");
  await last?.getByRole("button", { name: "Append" }).click();
  for (const each of pages) await expect(entry(each, "list").locator(".item")).toHaveText(["1", "2"]);
  await last?.getByRole("button", { name: "Erase colour" }).click();
  for (const each of pages) await expect(entry(each, "colour")).toHaveCount(0);
});

test("the state of the playground survives as long as one tab is open", async ({ visit }) => {
  const page = await visit.open();
  await page.getByLabel("Key").fill("colour");
  await page.getByLabel("Value").fill("green");
  await page.getByLabel("Value").press("Enter");
  await expect(entry(page, "colour")).toContainText("green");
  let rest: readonly Page[] = [
    page,
    ...(await openWith(page, visit.context, "Open a tab", 1)),
    ...(await openWith(page, visit.context, "Open a tab", 1)),
  ];
  await agreedLeader(rest, 3);
  while (rest.length > 1) {
    const [first, ...others] = rest;
    if (first !== undefined) await visit.readEvents(first);
    await first?.close();
    rest = others;
    await agreedLeader(rest, rest.length);
  }
  const [last] = rest;
  if (last === undefined) throw new Error("One tab is left.");
  await expect(entry(last, "colour")).toContainText("green");
  await last.reload();
  await expect(last.getByRole("region", { name: "This tab" })).toHaveAttribute("data-phase", "leading");
});

test("the playground hands leadership to a chosen peer, from any tab, and steps down", async ({ visit }) => {
  const page = await visit.open();
  const other = await visit.open();
  const third = await visit.open();
  const pages = [page, other, third];
  await agreedLeader(pages, 3);
  const chosen = await ownName(third);
  await other.getByLabel("Successor").selectOption({ label: chosen });
  await other.getByRole("button", { name: "Hand over" }).click();
  for (const each of pages) await expect(fact(each, "Leader")).toHaveText(chosen);
  await other.getByRole("button", { name: "Step down" }).click();
  for (const each of pages) await expect(fact(each, "Leader")).not.toHaveText(chosen);
  await agreedLeader(pages, 3);
});

test("a worker of the tab leads, is crashed, and the page leads again", async ({ visit }) => {
  const page = await visit.open();
  const own = await agreedLeader([page], 1);
  await expect(page.getByRole("button", { name: "Crash the leading worker" })).toBeDisabled();
  await page.getByRole("button", { name: "Add a worker here" }).click();
  await agreedLeader([page], 2);
  await page.getByRole("button", { name: "Hand over" }).click();
  await expect(fact(page, "Leader")).not.toHaveText(own);
  await page.getByRole("button", { name: "Crash the leading worker" }).click();
  await expect(fact(page, "Leader")).toHaveText(own);
  await agreedLeader([page], 1);
});

test("a tab that hangs is replaced while another calls, and follows when it is back", async ({ visit }) => {
  const page = await visit.open();
  const other = await visit.open();
  const hung = await agreedLeader([page, other], 2);
  const successor = await ownName(other);
  await page.getByRole("button", { name: "Hang this tab for 5 s" }).click();
  await other.getByRole("button", { name: "Call the leader 100 times" }).click();
  await expect(fact(other, "Leader")).toHaveText(successor, { timeout: 10_000 });
  await expect(page.getByRole("region", { name: "This tab" })).toHaveAttribute("data-phase", "following", { timeout: 15_000 });
  expect(await agreedLeader([page, other], 2)).not.toBe(hung);
});

test("a hundred calls to the leader are plotted", async ({ visit }) => {
  await visit.open();
  const follower = await visit.open();
  await agreedLeader([follower], 2);
  const panel = follower.getByRole("region", { name: "Call latency" });
  await panel.getByRole("button").click();
  await expect(panel.getByRole("status")).toContainText(/median \d+(\.\d+)? ms/);
  await expect(panel.getByRole("button")).toBeEnabled();
  await expect(panel.getByText("failed")).toHaveCount(0);
  await expect(panel.locator("canvas")).toBeVisible();
});

test("the playground is used with the keyboard alone", async ({ visit }) => {
  const page = await visit.open();
  await page.getByRole("heading", { level: 1 }).click();
  const reached: string[] = [];
  const controls = await page.locator("button:enabled, input:enabled, select:enabled").count();
  for (let index = 0; index < controls; index += 1) {
    await page.keyboard.press("Tab");
    const focused = page.locator(":focus");
    expect(await focused.evaluate((element) => element.matches(":focus-visible"))).toBe(true);
    const outline = await focused.evaluate((element) => {
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
      return (outlineStyle !== "none" && outlineWidth !== "0px") || boxShadow !== "none";
    });
    const name = await focused.evaluate((element) => element.getAttribute("name") ?? element.textContent ?? "");
    expect(outline, `"${name}" shows that it is focused`).toBe(true);
    reached.push(name);
  }
  expect(new Set(reached).size, "Every control is reached once").toBe(controls);
  await page.getByLabel("Key").focus();
  await page.keyboard.type("colour");
  await page.keyboard.press("Tab");
  await page.keyboard.type("green");
  await page.keyboard.press("Enter");
  await expect(entry(page, "colour")).toContainText("green");
});

for (const colorScheme of ["light", "dark"] as const) {
  for (const { device, width } of [
    { device: "phone", width: 360 },
    { device: "desk", width: 1280 },
  ]) {
    test.describe(`on a ${device} in ${colorScheme} colours`, () => {
      test.use({ colorScheme, viewport: { width, height: 800 } });

      test("the playground is readable", async ({ visit }) => {
        const page = await visit.open({ peer: "wren" });
        await visit.open({ peer: "robin", role: "worker" });
        await agreedLeader([page], 2);
        await page.getByLabel("Key").fill("colour");
        await page.getByLabel("Value").fill("green");
        await page.getByLabel("Value").press("Enter");
        await expect(entry(page, "colour")).toContainText("green");
        await page.getByRole("button", { name: "Call the leader 100 times" }).click();
        await expect(page.getByRole("region", { name: "Call latency" }).getByRole("button")).toBeEnabled();
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        expect(overflow, "Nothing is wider than the screen").toBeLessThanOrEqual(0);
        const { violations, passes } = await new AxeBuilder({ page }).analyze();
        expect(
          violations.map(({ id, help, nodes }) => `${id}: ${help} (${nodes.map(({ target }) => target.join(" ")).join(", ")})`),
        ).toEqual([]);
        expect(passes.map(({ id }) => id)).toContain("color-contrast");
      });
    });
  }
}
