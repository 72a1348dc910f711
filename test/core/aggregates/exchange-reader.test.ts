import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { usageLines } from '../../../bench/lib/usage-lines.ts';
import { ROW, ROW_FIELDS } from '../../../core/aggregates/exchange.ts';
import { ExchangeReader } from '../../../core/aggregates/exchange-reader.ts';
import { Intake } from '../../../core/aggregates/intake.ts';
import { parseRecord } from '../../../core/records/parse.ts';
import type { UsageRecord } from '../../../core/records/schema.ts';
import { aUsage, usageRecord } from '../../support/records.ts';

const archive = { save: () => undefined, load: () => undefined };
const intake = new Intake({ sweepMs: 1, retentionDays: 1, now: 0, archive });
const reader = new ExchangeReader(intake.accounts);

/** What the reader makes of a line; undefined where it leaves it. */
function rowOf(line: string): Float64Array | undefined {
  const rows = new Float64Array(ROW_FIELDS);
  const bytes = Buffer.from(`${line}\n`);
  if (!reader.read(bytes, 0, rows, 0)) return undefined;
  expect(reader.next).toBe(bytes.length);
  return rows;
}

/** What the long way makes of it; undefined where it is no exchange. */
function longWay(line: string): Float64Array | undefined {
  const rows = new Float64Array(ROW_FIELDS);
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  const parsed = parseRecord(value);
  if (!parsed.ok || parsed.record.type !== 'usage') return undefined;
  intake.write(parsed.record, rows, 0);
  return rows;
}

/** Bit for bit: a sketch may hold the bits of any number, of NaN too. */
const bits = (rows: Float64Array | undefined) => rows && Buffer.from(rows.buffer).toString('hex');

const shuffled = (value: unknown, swaps: readonly number[]): unknown => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value);
  for (const [i, swap] of swaps.entries()) {
    const [a, b] = [i % entries.length, swap % entries.length];
    if (entries.length > 0) [entries[a], entries[b]] = [entries[b]!, entries[a]!];
  }
  return Object.fromEntries(entries.map(([key, field]) => [key, shuffled(field, swaps)]));
};
const spaced = (line: string) => line.replace(/":/g, '": ').replace(/,"/g, ', "');
const written = (records: fc.Arbitrary<UsageRecord>) =>
  fc.tuple(records, fc.array(fc.nat(20), { maxLength: 12 }), fc.boolean()).map(([record, swaps, wide]) => {
    const line = JSON.stringify(shuffled(record, swaps));
    return wide ? spaced(line) : line;
  });
/** As gateways write them: letters without escapes, numbers of a few digits. */
const plain = (key: string, value: unknown) => {
  if (typeof value === 'number') return key === 'temperature' ? Math.round(value * 100) / 100 : Math.round(value) % 1e9;
  return typeof value === 'string' ? value.replace(/[^ -~]|["\\]/g, 'x') : value;
};
const plainly = usageRecord().map((record) => JSON.parse(JSON.stringify(record, plain)) as UsageRecord);
const SCRAPS = ['"', '{', '}', '[', ']', ',', ':', '0', '.5', '-', 'e9', '\\', ' ', '\t', '\r', 'é', '\ud800', '""'];
const MORE = ['"note":1,', '"tokens":{"input":1,"output":2},', '"id":"again",', '"custody":{"minted":[]},', '"type":'];
/** A line with pieces of it cut out, doubled or replaced. */
const damaged = fc
  .tuple(
    written(plainly),
    fc.array(fc.tuple(fc.nat(), fc.nat(4), fc.constantFrom('', ...SCRAPS, ...MORE)), { minLength: 1, maxLength: 2 }),
  )
  .map(([line, cuts]) =>
    cuts.reduce((text, [where, length, scrap]) => {
      const at = where % (text.length + 1);
      return text.slice(0, at) + scrap + text.slice(at + length);
    }, line),
  );

describe('the short way from a line to a row', () => {
  it('gives what the long way gives, for every exchange in plain letters, however its fields are ordered', () => {
    fc.assert(
      fc.property(written(plainly), (line) => {
        const row = rowOf(line);
        expect(row, line).toBeDefined();
        expect(bits(row), line).toBe(bits(longWay(line)));
      }),
      { numRuns: 1000 },
    );
  });

  it('gives the same or leaves it, for every exchange that the contract allows', () => {
    fc.assert(
      fc.property(written(usageRecord()), (line) => {
        const row = rowOf(line);
        if (row !== undefined) expect(bits(row), line).toBe(bits(longWay(line)));
      }),
      { numRuns: 1000 },
    );
  });

  it('never takes what the long way refuses, nor takes it for something else', () => {
    let taken = 0;
    fc.assert(
      fc.property(damaged, (line) => {
        if (line.includes('\n')) return;
        const row = rowOf(line);
        if (row === undefined) return;
        taken++;
        expect(bits(row), line).toBe(bits(longWay(line)));
      }),
      { numRuns: 4000 },
    );
    expect(taken).toBeGreaterThan(50);
  });

  it.each([
    ['a field twice', '{"input":1,"output":2,"input":3}'],
    ['a leading zero', '{"input":01,"output":2}'],
    ['a fraction', '{"input":1.0,"output":2}'],
    ['a missing count', '{"input":1}'],
    ['no field', '{}'],
    ['a comma too many', '{"input":1,"output":2,}'],
  ])('leaves tokens with %s to the long way', (_, tokens) => {
    const line = JSON.stringify(aUsage()).replace(/"tokens":\{[^}]*\}/, `"tokens":${tokens}`);
    expect(rowOf(line)).toBeUndefined();
  });

  it('reads short decimals as JSON does', () => {
    const temperature = fc.tuple(fc.nat(99), fc.integer({ min: 1, max: 12 }), fc.nat()).map(([whole, places, rest]) => {
      return `${whole}.${String(rest % 10 ** places).padStart(places, '0')}`;
    });
    fc.assert(
      fc.property(temperature, temperature, (a, b) => {
        const line = JSON.stringify(aUsage()).replace('}}', `},"params":{"temperature":${a}},"latencyMs":${b}9}`);
        expect(bits(rowOf(line)), line).toBe(bits(longWay(line)));
        expect(rowOf(line)).toBeDefined();
      }),
      { numRuns: 1000 },
    );
  });

  it('refuses days that the calendar does not have, before and after one that it has', () => {
    const at = (time: string) => JSON.stringify(aUsage({ time }));
    const days = ['2026-02-28', '2026-02-29', '2026-02-28', '2024-02-29', '2026-13-01', '2026-04-31', '0000-01-01'];
    const known = days.map((day) => rowOf(at(`${day}T01:02:03.004Z`))?.[ROW.time]);
    expect(known).toEqual(days.map((day) => longWay(at(`${day}T01:02:03.004Z`))?.[ROW.time]));
    for (const time of ['24:00:00', '23:60:00', '23:59:60']) expect(rowOf(at(`2026-02-28T${time}Z`))).toBeUndefined();
  });

  it('leaves a line that was cut off, wherever it was and with nothing behind it: a cut file must not stop the reader', () => {
    for (const line of usageLines(20, 1))
      for (let length = 0; length < line.length; length++) expect(rowOf(line.slice(0, length))).toBeUndefined();
  });

  it('goes from line to line of many, and stops at one that does not end', () => {
    const line = JSON.stringify(aUsage());
    const bytes = Buffer.from(`${line}\r\n${line}\n${line}`);
    const rows = new Float64Array(ROW_FIELDS);
    expect(reader.read(bytes, 0, rows, 0)).toBe(true);
    expect(reader.read(bytes, reader.next, rows, 0)).toBe(true);
    expect(reader.read(bytes, reader.next, rows, 0)).toBe(false);
  });
});
