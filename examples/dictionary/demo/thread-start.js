/**
 * Where a worker thread of the demo begins: plain JavaScript, because a thread does not inherit tsx from the
 * process. Makes TypeScript loadable in this thread, then loads what it is for.
 */
import { register } from "tsx/esm/api";

register();
await import("./thread.ts");
