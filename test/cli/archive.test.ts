/** A replay from the archive that the cloud keeps: it must say what a replay of the records themselves says. */
import { mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RECORD_TYPES } from '../../core/archive/columns.ts';
import type { Placed } from '../../core/archive/rows.ts';
import type { StillwatchRecord } from '../../core/records/schema.ts';
import { ObjectArchive } from '../../lambdas/adapters/archive.ts';
import { filesUnder, ndjson, replay, type Scratch, scratch, simulated } from '../support/cli.ts';

let tmp: Scratch;
let records: StillwatchRecord[];

beforeAll(async () => {
  tmp = scratch();
  ({ records } = simulated());
  const batches = Array.from({ length: Math.ceil(records.length / 700) }, (_, i) =>
    records.slice(i * 700, i * 700 + 700),
  );
  const archive = new ObjectArchive({
    put: async (key, body) => {
      const path = join(tmp.at('archive'), key);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, body);
    },
  });
  for (const [at, batch] of batches.entries()) {
    const placed = batch.map(
      (record, i): Placed => ({ record, shard: `shard-${at % 3}`, sequence: `${at * 700 + i}` }),
    );
    expect(await archive.add(placed)).toEqual([]);
    // A batch that is delivered again after a crash, cut elsewhere.
    if (at % 5 === 0) await archive.add(placed.slice(0, 300));
  }
});
afterAll(() => tmp.remove());

const read = (folder: string, name: string) => readFileSync(join(tmp.at(folder), name), 'utf8');

describe('replaying the archive', () => {
  it('tells the findings, members and messages that the records themselves tell, byte for byte', async () => {
    const direct = await replay([tmp.file('world.ndjson', ndjson(records))], tmp.at('direct'));
    const archived = await replay([tmp.at('archive')], tmp.at('archived'));
    expect(direct.summary.findings.opened).toBeGreaterThan(0);
    expect(archived.summary).toMatchObject({
      usage: direct.summary.usage,
      accounts: direct.summary.accounts,
      sweeps: direct.summary.sweeps,
      quarantined: 0,
    });
    expect(archived.summary.duplicates).toBeGreaterThan(direct.summary.duplicates);
    for (const name of ['findings.ndjson', 'members.ndjson']) {
      expect(read('archived', name)).toBe(read('direct', name));
    }
    const alerts = (folder: string) => [...filesUnder(tmp.at(folder)).keys()].filter((name) => name.includes('cmp-'));
    expect(alerts('archived')).toEqual(alerts('direct'));
    for (const name of alerts('direct')) expect(read('archived', name)).toBe(read('direct', name));
  });

  it('rebuilds one day alone from its folders', async () => {
    const day = records.find(({ type }) => type === 'usage')!.time.slice(0, 10);
    const ofDay = records.filter(({ time }) => time.startsWith(day));
    const { summary } = await replay(
      RECORD_TYPES.filter((type) => ofDay.some((record) => record.type === type)).map((type) =>
        join(tmp.at('archive'), type, `day=${day}`),
      ),
      tmp.at('day'),
    );
    const ids = ofDay.flatMap((record) => (record.type === 'usage' ? [`${record.account} ${record.id}`] : []));
    expect(summary.usage).toBe(new Set(ids).size);
  });

  it('quarantines an object that is damaged with its reason, and reads its neighbours', async () => {
    const folder = join(tmp.at('archive'), 'usage');
    const [first] = filesUnder(folder).keys();
    const damaged = join(folder, first!);
    const whole = readFileSync(damaged);
    truncateSync(damaged, whole.length - 100);
    try {
      const { summary } = await replay([tmp.at('archive')], tmp.at('damaged'));
      expect(summary.quarantined).toBe(1);
      expect(summary.usage).toBeGreaterThan(0);
      const line = JSON.parse(read('damaged', 'quarantine.ndjson')) as { input: string; reason: string };
      expect(line).toMatchObject({ input: damaged, reason: expect.stringContaining('damaged Parquet') });
      await expect(replay([damaged], tmp.at('alone'))).rejects.toThrow(`${damaged}: damaged Parquet`);
    } finally {
      writeFileSync(damaged, whole);
    }
  });

  it('says that a format which is not of columns does not fit', async () => {
    const [first] = filesUnder(join(tmp.at('archive'), 'usage')).keys();
    const file = join(tmp.at('archive'), 'usage', first!);
    await expect(replay([file], tmp.at('other'), { format: 'litellm' })).rejects.toThrow('leave out --format');
  });
});
