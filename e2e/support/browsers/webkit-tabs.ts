/**
 * The program that has the tabs of WebKitGTK, `webkit-tabs.py`: commands to it, replies and events from it.
 *
 * @module
 */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** What a tab tells. */
export type WebKitEvent =
  | { readonly event: "load"; readonly state: "started" | "redirected" | "committed" | "finished" | "failed"; readonly reason?: string }
  /** A page has passed a message to `webkit.messageHandlers.driver`. */
  | { readonly event: "told"; readonly message: string }
  /** A page shows a dialog, and waits. */
  | { readonly event: "dialog" }
  /** The web process has died. */
  | { readonly event: "terminated" };

/** What a tab can be asked. */
export type WebKitCommand =
  /** Which WebKitGTK this is; asked of no tab. */
  | { readonly command: "version" }
  | { readonly command: "open"; readonly script: string; readonly isPrivate: boolean }
  | { readonly command: "load"; readonly url: string }
  | { readonly command: "evaluate"; readonly expression: string }
  | { readonly command: "reload" | "front" | "dismiss" | "close" };

type Line =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: string }
  | (WebKitEvent & { readonly tab: string });

interface OpenReply {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

export interface WebKitTabs {
  /** Hears what a tab of this name tells. */
  listen(tab: string, listener: (event: WebKitEvent) => void): void;
  /** Resolves with what the program replies. Rejects if the command could not be carried out. */
  send(tab: string, command: WebKitCommand): Promise<unknown>;
  close(): Promise<void>;
}

/** Starts the program with a Python that has WebKitGTK. */
export function startWebKitTabs(python: string): WebKitTabs {
  const child = spawn(python, [fileURLToPath(new URL("webkit-tabs.py", import.meta.url))], { stdio: ["pipe", "pipe", "pipe"] });
  const listeners = new Map<string, (event: WebKitEvent) => void>();
  const open = new Map<number, OpenReply>();
  let sent = 0;
  let said = "";
  child.stderr.on("data", (data) => {
    said += String(data);
  });
  let isOver = false;
  const end = (): Error => new Error(`WebKitGTK has ended. It said: ${said.trim()}`);
  const ended = new Promise<void>((resolve) => {
    const over = (): void => {
      isOver = true;
      for (const { reject } of open.values()) reject(end());
      open.clear();
      resolve();
    };
    child.on("close", over);
    child.on("error", (error) => {
      said += error.message;
      over();
    });
  });
  // What is written to a program that has ended is told by its end.
  child.stdin.on("error", () => undefined);
  createInterface({ input: child.stdout }).on("line", (text) => {
    const line: Line = JSON.parse(text);
    if ("event" in line) {
      listeners.get(line.tab)?.(line);
      return;
    }
    const reply = open.get(line.id);
    open.delete(line.id);
    if ("error" in line) reply?.reject(new Error(line.error));
    else reply?.resolve(line.value);
  });
  return {
    listen: (tab, listener) => void listeners.set(tab, listener),
    send: (tab, command) =>
      new Promise((resolve, reject) => {
        if (isOver) throw end();
        sent += 1;
        open.set(sent, { resolve, reject });
        child.stdin.write(`${JSON.stringify({ id: sent, tab, ...command })}\n`);
      }),
    close() {
      child.stdin.end();
      return ended;
    },
  };
}
