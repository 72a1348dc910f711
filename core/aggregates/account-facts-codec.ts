/**
 * The packed form of what is known of an account: a head byte, time and length for each fact, then all texts as one.
 * One text is decoded once; its parts are cut from it.
 */
import type { AccountFacts } from './account-facts.ts';
import type { ByteReader, ByteWriter } from './bytes.ts';

/** A fact's path by its place here, from 1; 0 for a path that is spelled. New paths go to the end. */
const PATHS = [
  'createdAt',
  'org',
  'plan',
  'programme',
  'payment.instrument',
  'payment.issuer',
  'payment.kind',
  'email.domain',
  'email.pattern',
  'phone.prefix',
  'referral',
  'verified',
  'status',
];
const PLACES = new Map(PATHS.map((path, i) => [path, i + 1]));

const FALSE = 0;
const TRUE = 1;
const TEXT = 2;
/** In a head byte: the record that set the fact before also set this one. */
const SAME_TIME = 4;
const PLACE = 8;

export function writeFacts(out: ByteWriter, facts: AccountFacts): void {
  const entries = Object.entries(facts);
  const texts: string[] = [];
  let before = Number.NaN;
  out.varint(entries.length);
  for (const [path, { value, at }] of entries) {
    const place = PLACES.get(path) ?? 0;
    const kind = typeof value === 'string' ? TEXT : value ? TRUE : FALSE;
    out.byte(place * PLACE + (at === before ? SAME_TIME : 0) + kind);
    if (at !== before) out.varint(at);
    before = at;
    for (const text of place === 0 ? [path, value] : [value]) {
      if (typeof text !== 'string') continue;
      out.varint(text.length);
      texts.push(text);
    }
  }
  out.text(texts.join(''));
}

interface Head {
  place: number;
  at: number;
  /** UTF-16 units of a path that is spelled, and of the value; a value that is no text has none. */
  path: number;
  value: number | boolean;
}

export function readFacts(input: ByteReader): AccountFacts {
  const heads: Head[] = [];
  for (let left = input.varint(), at = 0; left > 0; left--) {
    const head = input.byte();
    if ((head & SAME_TIME) === 0) at = input.varint();
    const place = Math.floor(head / PLACE);
    const path = place === 0 ? input.varint() : 0;
    const kind = head & 3;
    heads.push({ place, at, path, value: kind === TEXT ? input.varint() : kind === TRUE });
  }
  const text = input.text();
  let from = 0;
  const cut = (length: number) => {
    from += length;
    return text.substring(from - length, from);
  };
  const facts: Record<string, { value: string | boolean; at: number }> = {};
  for (const { place, at, path, value } of heads) {
    const name = place === 0 ? cut(path) : PATHS[place - 1]!;
    facts[name] = { value: typeof value === 'number' ? cut(value) : value, at };
  }
  return facts;
}
