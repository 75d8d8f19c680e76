/**
 * What the compiler makes of a store whose types are written once. Checked by `npm run typecheck`, never run: each line marked as an error
 * must be one, and nothing else may be.
 */
import { openStore } from "@gen-leader/store";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
declare function same<A, B>(...equal: Equal<A, B> extends true ? [] : ["these types differ"]): void;

const store = await openStore("todo", {
  initial: { items: [] as readonly { readonly id: number; readonly text: string }[], next: 1 },
  commands: {
    add(draft, text: string, urgent = false) {
      draft.items.push({ id: draft.next, text: urgent ? `${text}!` : text });
      draft.next += 1;
      return draft.next - 1;
    },
    async clear(draft) {
      draft.items = [];
    },
    // @ts-expect-error the state has no such part
    fail: (draft) => draft.missing,
  },
});

same<Promise<number>, ReturnType<typeof store.do.add>>();
same<Parameters<typeof store.do.add>, [text: string, urgent?: boolean | undefined]>();
same<Promise<void>, ReturnType<typeof store.do.clear>>();
void store.doWith({ durability: "leader", timeoutMs: 100 }).add("a", true);
// @ts-expect-error a command takes its arguments
void store.do.add();
// @ts-expect-error and no others
void store.do.add(1);
// @ts-expect-error there is no such command
void store.do.remove(1);
// @ts-expect-error there is no such durability
void store.doWith({ durability: "forever" });
// @ts-expect-error a copy is not to be changed
store.get().items.push({ id: 1, text: "" });

const [id, nothing] = await store.transaction((plan) => [plan.add("a"), plan.clear()]);
same<typeof id, number>();
same<typeof nothing, void>();
// @ts-expect-error a transaction is made of commands
void store.transaction(() => [1]);

const count = store.select(({ items }) => items.length);
same<number, ReturnType<typeof count.get>>();
