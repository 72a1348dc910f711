const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const NO_DIGIT = 255;
export const SKETCH_LETTERS = 43;
/** Value of a letter of base64url by its code; `NO_DIGIT` for all others. */
const BASE64_DIGIT = new Uint8Array(256).fill(NO_DIGIT);
for (let i = 0; i < 64; i++) BASE64_DIGIT[ALPHABET.charCodeAt(i)] = i;

/** 43 characters of base64url to 32 bytes. */
export function decodeSketch(text: string, into: Uint8Array = new Uint8Array(32)): Uint8Array {
  let bits = 0;
  let held = 0;
  let at = 0;
  for (let i = 0; i < SKETCH_LETTERS && at < 32; i++) {
    held = ((held << 6) | BASE64_DIGIT[text.charCodeAt(i)]!) & 0xffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      into[at++] = (held >>> bits) & 0xff;
    }
  }
  return into;
}

/** The same of the letters from `from` on, eight words of 32 bits; false where one of them is no digit of base64url. */
export function decodeSketchBytes(bytes: Uint8Array, from: number, into: Uint8Array, at: number): boolean {
  const to = from + SKETCH_LETTERS;
  let faults = 0;
  for (let i = from; i < to; i += 4) {
    const a = BASE64_DIGIT[bytes[i]!]!;
    const b = BASE64_DIGIT[bytes[i + 1]!]!;
    const c = BASE64_DIGIT[bytes[i + 2]!]!;
    const last = i + 3 >= to;
    const d = last ? 0 : BASE64_DIGIT[bytes[i + 3]!]!;
    faults |= a | b | c | d;
    into[at++] = (a << 2) | (b >> 4);
    into[at++] = (b << 4) | (c >> 2);
    if (!last) into[at++] = (c << 6) | d;
  }
  return faults <= 63;
}
