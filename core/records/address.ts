/** Internet addresses in one spelling each, so that equal addresses give equal fingerprints. */

/** Canonical text of an address and of its network: /24 of IPv4, /48 of IPv6. */
export interface Address {
  ip: string;
  subnet: string;
}

/**
 * A public address, or `undefined` for a private, reserved or malformed one and for the names of services that some
 * logs put in its place. IPv4 mapped into IPv6 becomes IPv4; brackets, ports and zones are dropped.
 */
export function publicAddress(text: string): Address | undefined {
  const groups = parse(bare(text.trim()));
  if (groups === undefined) return undefined;
  const v4 = embeddedV4(groups);
  if (v4 !== undefined)
    return isPrivateV4(v4) ? undefined : { ip: v4.join('.'), subnet: `${v4.slice(0, 3).join('.')}.0/24` };
  if (isPrivateV6(groups)) return undefined;
  return { ip: compressed(groups), subnet: `${compressed([...groups.slice(0, 3), 0, 0, 0, 0, 0])}/48` };
}

const V4 = /^(?:0|[1-9]\d{0,2})(?:\.(?:0|[1-9]\d{0,2})){3}$/;
const BRACKETED = /^\[([^\]]*)\](?::\d{1,5})?$/;
const V4_WITH_PORT = /^([\d.]+):\d{1,5}$/;
/** Longer than any spelling of an address with a port. */
const MAX_LENGTH = 64;

function bare(text: string): string {
  if (text.length > MAX_LENGTH) return '';
  const inside = BRACKETED.exec(text)?.[1] ?? V4_WITH_PORT.exec(text)?.[1] ?? text;
  return inside.split('%', 1)[0] ?? '';
}

/** Eight groups of 16 bits; IPv4 is given as mapped into IPv6. */
function parse(text: string): number[] | undefined {
  const v4 = octets(text);
  if (v4) return [0, 0, 0, 0, 0, 0xffff, ...pairs(v4)];
  const halves = text.split('::');
  if (!text.includes(':') || halves.length > 2) return undefined;
  const head = groupsOf(halves[0]!);
  const tail = groupsOf(halves[1] ?? '');
  if (head === undefined || tail === undefined) return undefined;
  const gap = 8 - head.length - tail.length;
  if (halves.length === 1 ? gap !== 0 : gap < 1) return undefined;
  return [...head, ...Array<number>(gap).fill(0), ...tail];
}

function groupsOf(text: string): number[] | undefined {
  if (text === '') return [];
  const parts = text.split(':');
  const v4 = octets(parts.at(-1)!);
  const words = v4 ? parts.slice(0, -1) : parts;
  if (!words.every((word) => /^[\da-f]{1,4}$/i.test(word))) return undefined;
  return [...words.map((word) => Number.parseInt(word, 16)), ...(v4 ? pairs(v4) : [])];
}

function octets(text: string): number[] | undefined {
  if (!V4.test(text)) return undefined;
  const bytes = text.split('.').map(Number);
  return bytes.every((byte) => byte < 256) ? bytes : undefined;
}

function pairs(bytes: number[]): number[] {
  return [bytes[0]! * 256 + bytes[1]!, bytes[2]! * 256 + bytes[3]!];
}

function embeddedV4(groups: number[]): number[] | undefined {
  if (groups[5] !== 0xffff || groups.slice(0, 5).some((group) => group !== 0)) return undefined;
  return groups.slice(6).flatMap((group) => [group >> 8, group & 255]);
}

/** RFC 6890 and RFC 6598: addresses that many networks use at once, so that equality says nothing. */
function isPrivateV4(bytes: number[]): boolean {
  const [a, b] = bytes as [number, number];
  if (a === 0 || a === 10 || a === 127 || a >= 224) return true;
  if (a === 100) return b >= 64 && b < 128;
  if (a === 172) return b >= 16 && b < 32;
  return (a === 192 && b === 168) || (a === 169 && b === 254);
}

/** Unspecified, loopback, unique local, link local, site local and multicast (RFC 4291, RFC 4193). */
function isPrivateV6(groups: number[]): boolean {
  const first = groups[0]!;
  if (groups.slice(0, 7).every((group) => group === 0)) return true;
  return (first & 0xfe00) === 0xfc00 || (first & 0xff80) === 0xfe80 || first >= 0xff00;
}

/** RFC 5952: lower case, no leading zeros, the longest run of zeros (the first of equals, of two or more) as `::`. */
function compressed(groups: number[]): string {
  const { from, length } = longestRun(groups);
  const hex = groups.map((group) => group.toString(16));
  if (length < 2) return hex.join(':');
  return `${hex.slice(0, from).join(':')}::${hex.slice(from + length).join(':')}`;
}

function longestRun(groups: number[]): { from: number; length: number } {
  let best = { from: 0, length: 0 };
  for (let from = 0; from < 8; from++) {
    let end = from;
    while (groups[end] === 0) end++;
    if (end - from > best.length) best = { from, length: end - from };
  }
  return best;
}
