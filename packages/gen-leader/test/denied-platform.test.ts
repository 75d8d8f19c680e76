/**
 * A browser that denies a page what the medium needs, as it does where it blocks cookies.
 */
import { lead, start } from "gen-leader";
import { createMemoryHub } from "gen-leader/memory";
import { expect, test } from "vitest";
import { createLog } from "./support/log.js";

const denial = new DOMException("Access is denied.", "SecurityError");

/** A medium whose transport cannot be opened. */
function failWith(error: unknown) {
  const hub = createMemoryHub();
  return (name: string) => {
    const made = hub.medium(name);
    return { ...made, transport: { ...made.transport, open: () => Promise.reject(error) } };
  };
}

test("what the platform denies is told by a typed error with the denial as its cause", async () => {
  await expect(start("log", createLog(), { medium: failWith(denial) })).rejects.toMatchObject({
    name: "UnsupportedRuntimeError",
    code: "unsupported-runtime",
    message: expect.stringContaining("SecurityError: Access is denied."),
    cause: denial,
  });
});

test("what another medium throws is handed on as it is", async () => {
  const error = new RangeError("The id is too long.");
  await expect(start("log", createLog(), { medium: failWith(error) })).rejects.toBe(error);
});

test("lead tells it as its error", async () => {
  const leadership = lead("job", () => undefined, { medium: failWith(denial) });
  await new Promise<void>((resolve) => {
    leadership.subscribe(({ error }) => {
      if (error instanceof Error) resolve();
    });
  });
  expect(leadership.error).toMatchObject({ code: "unsupported-runtime", cause: denial });
  await leadership.close();
});
