/**
 * A thousand prompts, names, addresses and keys planted in every source format, through the collector and the ingest
 * function: not a byte of them in what any of the two leaves behind.
 */
import { describe, expect, it } from 'vitest';
import { MemoryAggregates } from '../../cli/adapters/memory-store.ts';
import { openParquet } from '../../core/archive/parquet.ts';
import type { Format } from '../../core/sources/detect.ts';
import { ObjectArchive } from '../../lambdas/adapters/archive.ts';
import { ObjectQuarantine } from '../../lambdas/adapters/quarantine.ts';
import { pieceOfText } from '../../lambdas/collect/piece.ts';
import { handle as ingest } from '../../lambdas/ingest/ingest.ts';
import { everything, NOW, sample, type World, world } from './collect/support.ts';
import { kinesisEvent, listening, MemoryObjects } from './support.ts';

interface Planted {
  format: Format;
  text: string;
  canary: string;
}

type Kind = (n: number) => string;

/** As people and programs write them; each is of one place only, so that a leak names it. */
const KINDS: Record<string, Kind> = {
  prompt: (n) => `Tell canary${n}quartz how the merger with canary${n}granite goes on.`,
  email: (n) => `canary${n}@mail.example`,
  name: (n) => `Canary${n} Feldspar`,
  key: (n) => `sk-live-canary${n}AbCdEf0123456789`,
  ip: (n) => `198.${18 + (n >> 8)}.${n & 255}.77`,
};

/** What is left of a canary when case, spaces and marks are gone. */
const TRACES = [/canary/i, /198\.1[89]\.\d+\.77/, /198\.2\d\.\d+\.77/];

/** Values that say which kind of thing this is: without them nothing is read, and nothing of them is anybody's. */
const STRUCTURE = new Set(['schemaType', 'schemaVersion', 'timestamp', 'time', 'startTime', 'endTime', 'key', 'type']);

/** Places of all strings, and of all objects, where a field that nobody knows is planted. */
function placesOf(value: unknown, path: (string | number)[] = []): (string | number)[][] {
  if (typeof value === 'string') return STRUCTURE.has(String(path.at(-1))) ? [] : [path];
  if (typeof value !== 'object' || value === null) return [];
  const inner = Object.entries(value).flatMap(([key, each]) =>
    placesOf(each, [...path, Array.isArray(value) ? Number(key) : key]),
  );
  return Array.isArray(value) ? inner : [...inner, [...path, 'unknown_field']];
}

function planted(value: unknown, [key, ...rest]: (string | number)[], canary: string): unknown {
  if (key === undefined) return canary;
  const copy = Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) };
  const fields = copy as Record<string | number, unknown>;
  fields[key] = rest.length === 0 ? canary : planted(fields[key], rest, canary);
  return copy;
}

/** The values of a sample: one a line, one document, or an array of them. */
function valuesOf(name: string): unknown[] {
  const text = sample(name);
  if (name.endsWith('.ndjson'))
    return text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
  const value: unknown = JSON.parse(text);
  return Array.isArray(value) ? value : [value];
}

const SAMPLES: [Format, string[]][] = [
  ['bedrock', ['bedrock-converse.ndjson', 'bedrock-large.ndjson', 'bedrock-mixed.ndjson']],
  ['litellm', ['litellm-array.json', 'litellm.ndjson', 'litellm-single.json']],
  ['otel', ['otel-spans.json', 'otel-old-spans.json', 'otel-logs.ndjson']],
];

function plantAll(): Planted[] {
  let n = 0;
  const kinds = Object.values(KINDS);
  return SAMPLES.flatMap(([format, names]) =>
    names.flatMap(valuesOf).flatMap((value) =>
      placesOf(value).flatMap((path) => {
        const canaries = [kinds[n % kinds.length]!(n), KINDS.prompt!(n + 1)];
        n += 2;
        return canaries.map((canary) => ({ format, canary, text: JSON.stringify(planted(value, path, canary)) }));
      }),
    ),
  );
}

async function throughBoth(all: readonly Planted[]): Promise<string[]> {
  const left: string[] = [];
  const [objects, store, told] = [new MemoryObjects(), new MemoryAggregates(), listening()];
  for (const [format] of SAMPLES) {
    const at: World = world(format);
    const pieces = all.filter((one) => one.format === format).map(({ text }, i) => pieceOfText(`message ${i}`, text));
    // Half a payload is no JSON, and must not be kept either.
    const broken = pieces.slice(0, 50).map(({ text }, i) => pieceOfText(`broken ${i}`, text!.slice(0, -1)));
    await at.collector.take([...pieces, ...broken]);
    expect(at.stream.usage.length).toBeGreaterThan(100);
    left.push(everything(at));
    const strange = pieces.slice(0, 100).map(({ value }) => ({ type: 'usage', ...(value as object) }));
    await ingest(kinesisEvent([...at.stream.records, ...strange]), {
      store,
      archive: new ObjectArchive(objects),
      quarantine: new ObjectQuarantine(objects, false),
      intake: { add: async () => {} },
      told,
      now: () => NOW,
      retentionDays: 90,
    });
  }
  left.push(...told.lines, JSON.stringify(told.counts), ...(await contents(objects)));
  for await (const { account, facts, days } of store.readSegment(0, 1, { from: 0, until: Number.POSITIVE_INFINITY }))
    left.push(account, JSON.stringify(facts), ...days.map(({ packed }) => Buffer.from(packed).toString('latin1')));
  return left;
}

/** Also what stands in the columns: compressed, it would not be seen. */
async function contents(objects: MemoryObjects): Promise<string[]> {
  const found: string[] = [];
  for (const [key, bytes] of objects.held) {
    found.push(key, Buffer.from(bytes).toString('latin1'));
    if (!key.endsWith('.parquet')) continue;
    const { buffer } = Uint8Array.from(bytes);
    const file = await openParquet({ byteLength: buffer.byteLength, slice: (from, to) => buffer.slice(from, to) });
    for await (const { rows } of file.read())
      found.push(JSON.stringify(rows, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)));
  }
  return found;
}

describe('what people write and who they are', () => {
  it('is in nothing that the collectors and the ingest function leave: stream, tables, archive, quarantine, logs', async () => {
    const all = plantAll();
    expect(all.length).toBeGreaterThan(1000);
    const left = (await throughBoth(all)).join('\n');
    const leaked = TRACES.flatMap((trace) => left.match(new RegExp(`.{0,40}${trace.source}.{0,40}`, 'gi')) ?? []);
    expect(leaked).toEqual([]);
  });
});
