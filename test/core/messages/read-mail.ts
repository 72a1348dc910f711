/** A small reader of MIME messages, strict about the rules that mail servers enforce. */

export interface ReadPart {
  headers: Record<string, string>;
  /** Decoded bytes of a leaf. */
  body: Uint8Array;
  parts: ReadPart[];
}

export function readMail(text: string): ReadPart {
  if (/(^|[^\r])\n|\r(?!\n)/.test(text)) throw new Error('a line does not end in CRLF');
  if (text.split('\r\n').some((line) => line.length > 998)) throw new Error('a line is longer than 998 characters');
  return readPart(text);
}

function readPart(text: string): ReadPart {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) throw new Error('no empty line after the headers');
  const unfolded = text.slice(0, end).replace(/\r\n[ \t]/g, ' ');
  const headers: Record<string, string> = {};
  for (const line of unfolded.split('\r\n')) {
    const [, name, value] = line.match(/^([!-9;-~]+): (.*)$/) ?? [];
    if (name === undefined || headers[name] !== undefined) throw new Error(`bad or repeated header: ${line}`);
    headers[name] = value!;
  }
  const content = text.slice(end + 4);
  const boundary = headers['Content-Type']?.match(/^multipart\/.*boundary="([^"]+)"/)?.[1];
  if (!boundary) return { headers, body: decode(headers['Content-Transfer-Encoding'], content), parts: [] };
  const pieces = `\r\n${content}`.split(`\r\n--${boundary}`);
  if (!pieces.at(-1)!.startsWith('--')) throw new Error('the last boundary is not closed');
  return { headers, body: new Uint8Array(), parts: pieces.slice(1, -1).map((piece) => readPart(piece.slice(2))) };
}

function decode(encoding: string | undefined, content: string): Uint8Array {
  if (content.split('\r\n').some((line) => line.length > 76)) throw new Error('an encoded line is longer than 76');
  if (encoding === 'base64') return new Uint8Array(Buffer.from(content, 'base64'));
  if (encoding !== 'quoted-printable') throw new Error(`unexpected encoding ${encoding}`);
  if (/[ \t]\r\n|[ \t]$/.test(content)) throw new Error('a line ends in white space');
  if (/[^\t\r\n -~]/.test(content)) throw new Error('not seven-bit');
  const joined = content.replace(/=\r\n/g, '');
  const bytes = joined.replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  return new Uint8Array(Buffer.from(bytes, 'latin1'));
}

export function textOf(part: ReadPart): string {
  return new TextDecoder('utf-8', { fatal: true }).decode(part.body);
}
