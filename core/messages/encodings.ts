/** Transfer encodings of mail, RFC 2045. */

const CRLF = '\r\n';

/** Quoted-printable of RFC 2045, 6.7. Line breaks of the text become CRLF. */
export function quotedPrintable(text: string): string {
  return text
    .split(/\r\n|\r|\n/)
    .map(quotedLine)
    .join(CRLF);
}

function quotedLine(line: string): string {
  const units = [...new TextEncoder().encode(line)].map((byte, index, all) =>
    quotedByte(byte, index === all.length - 1),
  );
  const lines: string[] = [];
  let current = '';
  for (const unit of units) {
    // 76 with the soft break's own `=`.
    if (current.length + unit.length > 75) {
      lines.push(`${current}=`);
      current = '';
    }
    current += unit;
  }
  return [...lines, current].join(CRLF);
}

/** Space and tab stay as they are but at the end of a line. */
function quotedByte(byte: number, last: boolean): string {
  const blank = byte === 32 || byte === 9;
  if ((byte >= 33 && byte <= 126 && byte !== 61) || (blank && !last)) return String.fromCharCode(byte);
  return `=${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}

/** Base64 in lines of 76. */
export function base64Lines(content: Uint8Array): string {
  return (base64(content).match(/.{1,76}/g) ?? []).join(CRLF);
}

export function base64(content: Uint8Array): string {
  let binary = '';
  for (let start = 0; start < content.length; start += 8192) {
    binary += String.fromCharCode(...content.subarray(start, start + 8192));
  }
  return btoa(binary);
}

/** Undefined where the text is not base64. */
export function fromBase64(text: string): Uint8Array | undefined {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}
