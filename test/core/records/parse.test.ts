import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRecord } from '../../../core/records/parse.ts';
import { recordSchema } from '../../../core/records/schema.ts';
import { anAccount, anyRecord, aRelease, aUsage, usageRecord } from '../../support/records.ts';

const EXAMPLES = [
  '{"type":"usage","id":"req_01HZX4","time":"2026-04-22T09:14:07.120Z","account":"k_88dc28d0","model":"opus-5","tokens":{"input":1024,"output":2048,"reasoning":900,"cacheRead":0},"status":"ok","params":{"maxTokens":4096,"temperature":1,"tools":0},"network":{"ip":"f1c09a22b7d3e455","subnet":"9bd07e1140aa5c62","asn":64512,"kind":"residential"},"client":{"tls":"5b1e77a90c3d2f18","agent":"c07a94e1b2d63350"},"session":"1f0e2d3c4b5a6978","prompt":{"system":"a37c0be98f5d2416","template":"0d9f4e7b6a2c8135","sketch":"q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA","contract":"7e2b1c9d0f3a4856","topic":17,"task":"software_engineering","flags":["cot_elicitation"]},"custody":{"minted":["42d9c7e01b8f6a35"],"presented":[]}}',
  '{"type":"account","time":"2026-04-03T11:02:51.000Z","account":"k_88dc28d0","createdAt":"2026-04-03T11:02:51.000Z","org":"o_5521","plan":"pay_as_you_go","payment":{"instrument":"be01c2d3e4f50617","issuer":"77aa55cc11ee3300","kind":"virtual"},"email":{"domain":"31c5f0a9e8d7b624","pattern":"aaaaaa9999"},"verified":false,"status":"active"}',
  '{"type":"release","time":"2026-05-12T16:00:00.000Z","model":"opus-5.1"}',
];

/** Values that sit on the borders of the contract. */
const edge = fc.oneof(
  fc.constantFrom<unknown>(null, true, '', 'a', 0, -0, -1, 0.5, 63, 64, 2 ** 32, 2 ** 53, 1e300, [], {}, [[]], 'usage'),
  fc.constantFrom('2026-02-30T00:00:00Z', '2024-02-29T00:00:00Z', '2026-04-22T09:14:07+00:00', '2026-04-22T09:14:07'),
  fc.constantFrom('203.0.113.40', '14155550123', 'a@b.example', 'x'.repeat(11), 'x'.repeat(128), 'x'.repeat(129)),
  fc.constantFrom('x'.repeat(256), 'x'.repeat(257), 'x'.repeat(43), '\ud800', 'aaaa.aa99', 'bob', 'ok', 'active'),
  fc.array(fc.constantFrom('42d9c7e01b8f6a35', 'rubric', 'x'), { maxLength: 40 }),
  fc.jsonValue(),
);

const NAMES = ['id', 'time', 'tokens', 'input', 'type', 'prompt', 'flags', 'note', '__proto__', 'constructor', 'ip'];

/** The record with one place anywhere inside it replaced, removed or added. */
const mutated = fc
  .tuple(anyRecord(), fc.nat(), edge, fc.constantFrom('set', 'drop', 'add'), fc.constantFrom(...NAMES))
  .map(([record, at, value, how, name]) => {
    const copy = JSON.parse(JSON.stringify(record)) as Record<string, unknown>;
    const places = placesOf(copy);
    const [holder, key] = places[at % places.length]!;
    if (how === 'drop') delete holder[key];
    else
      Object.defineProperty(holder, how === 'add' ? name : key, {
        value,
        enumerable: true,
        configurable: true,
        writable: true,
      });
    return JSON.parse(JSON.stringify(copy)) as unknown;
  });

function placesOf(value: Record<string, unknown>): [Record<string, unknown>, string][] {
  return Object.entries(value).flatMap(([key, field]) => [
    [value, key] as [Record<string, unknown>, string],
    ...(typeof field === 'object' && field !== null ? placesOf(field as Record<string, unknown>) : []),
  ]);
}

function agree(value: unknown): void {
  const reference = recordSchema.safeParse(value);
  const parsed = parseRecord(value);
  expect(parsed.ok, JSON.stringify([value, parsed, reference.error?.issues])).toBe(reference.success);
  if (parsed.ok) expect(parsed.record).toEqual(reference.data);
}

describe('the parser of the hot path', () => {
  it('reads the published examples as they are', () => {
    for (const line of EXAMPLES) expect(parseRecord(JSON.parse(line))).toEqual({ ok: true, record: JSON.parse(line) });
  });

  it('accepts every valid record and keeps every field of it', () => {
    fc.assert(
      fc.property(anyRecord(), (record) => {
        expect(recordSchema.safeParse(record).success).toBe(true);
        agree(record);
      }),
      { numRuns: 300 },
    );
  });

  it('agrees with the schema on records that are broken in one place', () => {
    fc.assert(fc.property(mutated, agree), { numRuns: 3000 });
  });

  it('agrees with the schema on any JSON at all', () => {
    fc.assert(fc.property(fc.jsonValue(), agree), { numRuns: 300 });
  });

  it('keeps unknown fields out, at every depth, so that no private text is stored by accident', () => {
    const record = aUsage({ prompt: { topic: 3 } });
    const value = { ...record, messages: ['secret'], prompt: { topic: 3, text: 'secret' } };
    expect(parseRecord(value)).toEqual({ ok: true, record });
    expect(value.messages).toEqual(['secret']);
  });

  it('copies nothing when there is nothing to leave out', () => {
    const value = aUsage();
    const parsed = parseRecord(value);
    expect(parsed.ok && parsed.record).toBe(value);
  });

  it.each([
    [{ ...aUsage(), tokens: { input: -1, output: 1 } }, 'tokens.input', /whole number/],
    [{ ...aUsage(), tokens: { input: 1 } }, 'tokens.output', /missing/],
    [{ ...aUsage(), custody: { minted: ['42d9c7e01b8f6a35', 'x'] } }, 'custody.minted.1', /fingerprint/],
    [{ ...aUsage(), time: '2026-02-30T00:00:00Z' }, 'time', /RFC 3339/],
    [{ ...aUsage(), prompt: { flags: ['other'] } }, 'prompt.flags.0', /rubric/],
    [{ ...anAccount(), email: { pattern: 'jane.doe' } }, 'email.pattern', /shape/],
    [{ ...aRelease(), model: undefined }, 'model', /missing/],
    [{ type: 'event' }, 'type', /usage, account, release/],
    [[], '', /JSON object/],
  ])('names the place of a fault: %#', (value, path, reason) => {
    const parsed = parseRecord(value);
    expect(parsed).toMatchObject({ ok: false, path });
    expect(parsed.ok ? '' : parsed.reason).toMatch(reason);
  });

  it('refuses raw addresses and telephone numbers where a fingerprint belongs', () => {
    for (const raw of ['203.0.113.40', '2001:db8::1', 'jane@example.com', '14155550123', '491701234567']) {
      expect(parseRecord(aUsage({ network: { ip: raw } })).ok).toBe(false);
    }
  });

  it('never repeats a value of the input in its reason', () => {
    const secret = 'Zsecret-value Q77';
    const field = fc.constantFrom('id', 'time', 'tokens', 'status', 'session', 'network', 'prompt', 'custody');
    fc.assert(
      fc.property(usageRecord(), field, (record, name) => {
        const broken = { ...record, [name]: name === 'id' ? secret.repeat(20) : secret };
        expect(JSON.stringify(parseRecord(broken))).not.toContain(secret);
      }),
    );
  });
});
