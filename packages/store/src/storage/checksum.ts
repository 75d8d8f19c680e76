/**
 * A checksum over what structured clone keeps of a value: the same before and after it was stored.
 *
 * FNV-1a of 32 bits (Fowler, Noll and Vo): it finds what was torn or has rotted, and nothing that somebody means to hide.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9923
 * @module
 */

export function checksum(value: unknown): number {
  let sum = 0x811c9dc5;

  function mix(number: number): void {
    sum = Math.imul(sum ^ number, 0x01000193);
  }

  function mixText(text: string): void {
    for (let index = 0; index < text.length; index += 1) mix(text.charCodeAt(index));
    mix(text.length);
  }

  function mixValue(part: unknown): void {
    const kind = Object.prototype.toString.call(part);
    mixText(kind);
    if (typeof part !== "object" || part === null) mixText(String(part));
    else if (part instanceof Map)
      for (const [key, inner] of part) {
        mixValue(key);
        mixValue(inner);
      }
    else if (part instanceof Set || Array.isArray(part)) for (const inner of part) mixValue(inner);
    else if (part instanceof ArrayBuffer || ArrayBuffer.isView(part)) for (const byte of bytesOf(part)) mix(byte);
    else if (kind === "[object Object]")
      for (const [key, inner] of Object.entries(part)) {
        mixText(key);
        mixValue(inner);
      }
    // Dates and boxed values are what they are worth, patterns what they look like.
    else mixText(part instanceof RegExp ? String(part) : String(part.valueOf()));
  }

  mixValue(value);
  return sum >>> 0;
}

function bytesOf(value: ArrayBuffer | ArrayBufferView): Uint8Array {
  return ArrayBuffer.isView(value) ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength) : new Uint8Array(value);
}
