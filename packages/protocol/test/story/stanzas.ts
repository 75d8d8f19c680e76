/**
 * The form of a transcript: comments that tell the story, and stanzas of a command, a line of four dashes and what came of
 * it, ended by an empty line.
 */
export type Part =
  | { readonly type: "comment"; readonly lines: readonly string[] }
  | { readonly type: "stanza"; readonly command: string; readonly output: readonly string[] };

const dashes = "----";

/** @throws if the text is not of that form */
export function parseTranscript(text: string): readonly Part[] {
  const paragraphs = text
    .split(/\n{2,}/)
    .map((paragraph) => paragraph.split("\n").filter((line) => line !== ""))
    .filter((lines) => lines.length > 0);
  return paragraphs.map((lines): Part => {
    if (lines.every((line) => line.startsWith("#"))) return { type: "comment", lines };
    const [command, rule, ...output] = lines;
    if (command === undefined || rule !== dashes) throw new Error(`no "${dashes}" after "${command}"`);
    return { type: "stanza", command, output };
  });
}

export function printTranscript(parts: readonly Part[]): string {
  const paragraphs = parts.map((part) => (part.type === "comment" ? part.lines : [part.command, dashes, ...part.output]).join("\n"));
  return `${paragraphs.join("\n\n")}\n`;
}
