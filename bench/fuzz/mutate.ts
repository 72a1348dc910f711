/** Damaged values and bytes: what a hostile or broken producer may send, the same for the same draws. */
export type Random = () => number;

/** Values that break what turns them into text, walks them by name, or counts them. Made anew: a reader may keep them. */
const ODD: readonly ((random: Random) => unknown)[] = [
  () => null,
  () => true,
  () => 0,
  () => -0,
  () => -1,
  () => 1e308,
  () => 2 ** 53 + 2,
  () => 0.1,
  () => '',
  () => '\ud800',
  () => '\u0000',
  () => '0'.repeat(15),
  () => 'x'.repeat(20_000),
  () => '𝒳é\u202e'.repeat(50),
  () => '2026-02-30T25:61:61Z',
  () => '9999-12-31T23:59:59.999999999Z',
  () => '{"type":"usage"}',
  () => 'H4sIAAAAAAAAAw==',
  () => [],
  () => ({}),
  () => [[[[[]]]]],
  () => new Array<number>(3000).fill(1),
  () => nested(600),
  () => ({ toString: 1, valueOf: 1, toJSON: 1, length: -1 }),
  () => JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}') as unknown,
  () => ({ get: 1, set: 'x', hasOwnProperty: null }),
  (random) => random() * 2 ** 40,
];

const ODD_KEYS = [
  '__proto__',
  'constructor',
  'prototype',
  'hasOwnProperty',
  'toString',
  'length',
  '',
  '0',
  'type',
  'then',
];

/** A copy with one to four places changed, or wrapped in something. */
export function damaged(sample: unknown, samples: readonly unknown[], random: Random): unknown {
  let value = structuredClone(sample);
  for (let left = 1 + pick(4, random); left > 0; left--) {
    const place = anyPlace(value, random);
    if (place === undefined) value = odd(samples, random);
    else change(place, samples, random);
  }
  return random() < 0.05 ? wrapped(value, random) : value;
}

/** Bytes flipped, cut out, doubled or put in. */
export function damagedBytes(bytes: Uint8Array, random: Random): Uint8Array {
  const list = [...bytes.subarray(0, 4000)];
  for (let left = 1 + pick(4, random); left > 0; left--) {
    const at = pick(list.length + 1, random);
    const kind = random();
    if (kind < 0.4 && at < list.length) list[at] = pick(256, random);
    else if (kind < 0.6) list.splice(at, 1 + pick(40, random));
    else if (kind < 0.8) list.splice(at, 0, ...list.slice(at, at + pick(40, random)));
    else list.splice(at, 0, pick(256, random));
  }
  return Uint8Array.from(list);
}

export function pick(below: number, random: Random): number {
  return Math.floor(random() * below);
}

type Holder = Record<string, unknown> | unknown[];

/** A place inside the value, each level left with the same chance; undefined where it has no inside. */
function anyPlace(value: unknown, random: Random): { holder: Holder; key: string } | undefined {
  let found: { holder: Holder; key: string } | undefined;
  for (let at = value; typeof at === 'object' && at !== null; ) {
    const keys = Object.keys(at);
    if (keys.length === 0) break;
    const key = keys[pick(keys.length, random)]!;
    found = { holder: at as Holder, key };
    if (random() < 0.3) break;
    at = (at as Record<string, unknown>)[key];
  }
  return found;
}

function change({ holder, key }: { holder: Holder; key: string }, samples: readonly unknown[], random: Random): void {
  const fields = holder as Record<string, unknown>;
  const kind = random();
  if (kind < 0.6) {
    put(fields, key, odd(samples, random));
  } else if (kind < 0.75) {
    if (Array.isArray(holder)) holder.splice(Number(key), 1);
    else delete fields[key];
  } else if (kind < 0.9) {
    put(fields, ODD_KEYS[pick(ODD_KEYS.length, random)]!, fields[key]);
  } else {
    const other = Object.keys(fields);
    put(fields, key, structuredClone(fields[other[pick(other.length, random)]!]));
  }
}

/** An own field whatever its name, as `JSON.parse` makes it; in a list it can only be an element. */
function put(fields: Record<string, unknown>, key: string, value: unknown): void {
  if (Array.isArray(fields) && !/^\d+$/.test(key)) {
    fields.push(value);
    return;
  }
  Object.defineProperty(fields, key, { value, enumerable: true, configurable: true, writable: true });
}

function odd(samples: readonly unknown[], random: Random): unknown {
  if (random() < 0.15) return structuredClone(samples[pick(samples.length, random)]);
  return ODD[pick(ODD.length, random)]!(random);
}

function wrapped(value: unknown, random: Random): unknown {
  const envelopes: ((inner: unknown) => unknown)[] = [
    (inner) => [inner, inner],
    (inner) => ({ 'detail-type': 'Stillwatch Usage', detail: inner }),
    (inner) => ({ specversion: '1.0', id: 'x', source: '/', type: 't', data: inner }),
    (inner) => ({ Records: [inner] }),
    (inner) => ({ messageType: 'DATA_MESSAGE', logEvents: [{ message: JSON.stringify(inner) }] }),
  ];
  let whole = value;
  for (let left = 1 + pick(12, random); left > 0; left--) whole = envelopes[pick(envelopes.length, random)]!(whole);
  return JSON.stringify(whole).length > 2_000_000 ? value : whole;
}

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let i = 0; i < depth; i++) value = i % 2 ? [value] : { content: value };
  return value;
}
