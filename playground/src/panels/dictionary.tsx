import { useRef, useState } from "preact/hooks";
import type { Tab } from "../tab.js";

/** The shared dictionary, and an input. Writes go to the leader; what is shown is this tab's own copy. */
export function Dictionary({ tab }: { readonly tab: Tab }) {
  const [notice, setNotice] = useState("");
  const form = useRef<HTMLFormElement>(null);
  const entries = tab.peer?.snapshot.entries ?? [];
  const server = tab.peer?.server;

  async function write(type: "store" | "append" | "erase", key: string, value: string): Promise<void> {
    if (server === undefined) return;
    if (key === "") {
      setNotice("Which key?");
      return;
    }
    setNotice("");
    try {
      const parsed = parseValue(value);
      if (type === "store") await server.leaderCall({ type, key, value: parsed });
      if (type === "append") await server.leaderCall({ type, key, value: parsed });
      if (type === "erase") {
        const erased = await server.leaderCall({ type, key });
        if (erased.value === false) setNotice(`There is no “${key}”.`);
      }
    } catch (error) {
      setNotice(error instanceof Error ? error.message : String(error));
    }
  }

  function submit(type: "store" | "append" | "erase"): void {
    const data = new FormData(form.current ?? undefined);
    void write(type, String(data.get("key") ?? "").trim(), String(data.get("value") ?? ""));
  }

  return (
    <section class="panel dictionary" aria-labelledby="dictionary-title">
      <h2 id="dictionary-title">
        Dictionary <span class="count">{entries.length}</span>
      </h2>
      <form
        ref={form}
        onSubmit={(event) => {
          event.preventDefault();
          submit("store");
        }}
      >
        <label>
          <span>Key</span>
          <input name="key" placeholder="colour" autocomplete="off" autocapitalize="off" spellcheck={false} />
        </label>
        <label>
          <span>Value</span>
          <input name="value" placeholder="blue" autocomplete="off" autocapitalize="off" spellcheck={false} />
        </label>
        <div class="buttons">
          <button type="submit" class="primary" disabled={server === undefined}>
            Store
          </button>
          <button type="button" disabled={server === undefined} onClick={() => submit("append")}>
            Append
          </button>
          <button type="button" disabled={server === undefined} onClick={() => submit("erase")}>
            Erase
          </button>
        </div>
      </form>
      <p class="notice" role="status">
        {notice}
      </p>
      {entries.length === 0 ? (
        <p class="empty">Empty so far. What one tab stores, all tabs have.</p>
      ) : (
        <ul class="entries" aria-label="Entries">
          {entries.map(([key, value]) => (
            <li key={key} data-key={key}>
              <span class="key">{key}</span>
              <Value value={value} />
              <button type="button" class="quiet" aria-label={`Erase ${key}`} onClick={() => void write("erase", key, "")}>
                ×
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Value({ value }: { readonly value: unknown }) {
  if (!Array.isArray(value)) return <span class="value">{textOf(value)}</span>;
  const items: readonly unknown[] = value;
  return (
    <span class="value list">
      {items.map((item, index) => (
        // A list only grows at its end: the place is the identity.
        <span class="item" key={index}>
          {textOf(item)}
        </span>
      ))}
    </span>
  );
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? String(value));
}

/** Numbers, lists and the like are taken as JSON, everything else as the text that it is. */
function parseValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
