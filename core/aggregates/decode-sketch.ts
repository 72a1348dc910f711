const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const NO_DIGIT = 255;
/** Value of a letter of base64url by its code; `NO_DIGIT` for all others. */
export const BASE64_DIGIT = new Uint8Array(256).fill(NO_DIGIT);
for (let i = 0; i < 64; i++) BASE64_DIGIT[ALPHABET.charCodeAt(i)] = i;

/** 43 characters of base64url to 32 bytes. */
export function decodeSketch(text: string, into: Uint8Array = new Uint8Array(32)): Uint8Array {
  let bits = 0;
  let held = 0;
  let at = 0;
  for (let i = 0; i < 43 && at < 32; i++) {
    held = ((held << 6) | BASE64_DIGIT[text.charCodeAt(i)]!) & 0xffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      into[at++] = (held >>> bits) & 0xff;
    }
  }
  return into;
}
