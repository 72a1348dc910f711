/** Every figure that was told can be counted again from the records by one command, and one missing record shows. */
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InputError } from '../../../cli/adapters/input/input-error.ts';
import { dossierCommand } from '../../../cli/commands/dossier.ts';
import { exportCommand } from '../../../cli/commands/export.ts';
import { count } from '../../../cli/dossier/count.ts';
import { openCustody } from '../../../cli/dossier/custody.ts';
import { gather } from '../../../cli/dossier/gather.ts';
import { type Subject, sourcesFor, subjectOf } from '../../../cli/dossier/subject.ts';
import type { WorldSpec } from '../../../cli/simulate/spec.ts';
import { type RecountRow, recountRows } from '../../../core/dossier/recount.ts';
import type { StillwatchRecord, UsageRecord } from '../../../core/records/schema.ts';
import { numbers } from '../../core/aggregates/days.ts';
import { ndjson, replay, type Scratch, scratch, simulated, stillwatch } from '../../support/cli.ts';

const few = { accounts: 200, maxPerDay: 100 };

/** Small worlds in which members join late, are banned and replaced, are called otherwise later, or are one account. */
const WORLDS: Record<string, WorldSpec> = {
  'a quiet clone': {
    seed: 'clone',
    days: 4,
    benign: few,
    campaigns: [{ scenario: 'A1', accounts: 40, ratePerDay: 15, start: 1, days: 3 }],
    noise: { duplicates: 0.02, late: 0.01 },
  },
  'a second pool after a ban': {
    seed: 'xA3',
    days: 8,
    benign: few,
    campaigns: [{ scenario: 'A3', accounts: 40, ratePerDay: 15, start: 1, days: 7 }],
  },
  'a slow ramp, whose members moved since it was told': {
    seed: 'xA6',
    days: 7,
    benign: few,
    campaigns: [{ scenario: 'A6', accounts: 40, ratePerDay: 15, start: 0, days: 7 }],
  },
  'one shared key': {
    seed: 'xA17',
    days: 10,
    benign: few,
    campaigns: [{ scenario: 'A17', start: 3, days: 7 }],
  },
};

/** A replay of a week is seconds; on a busy machine many of them. */
const PATIENCE = 120_000;

interface Told {
  subject: Subject;
  records: StillwatchRecord[];
  tmp: Scratch;
}

async function tell(spec: WorldSpec): Promise<Told[]> {
  const tmp = scratch();
  const { records } = simulated(spec);
  await replay([tmp.file('world.ndjson', ndjson(records))], tmp.at('out'));
  const { FolderPlace } = await import('../../../cli/adapters/place/folder.ts');
  const ids = [...new Set((await new FolderPlace(tmp.at('out')).transitions()).map(({ finding }) => finding.id))];
  return Promise.all(ids.map(async (id) => ({ subject: await subjectOf(id, tmp.at('out')), records, tmp })));
}

async function recount({ subject, tmp }: Told, inputs: string[] = [], population = false): Promise<RecountRow[]> {
  const sources = await sourcesFor(subject, await openCustody(tmp.at('out')), inputs, {});
  const { finding } = subject.last;
  const belonging = { roster: subject.held, at: finding.at, retentionDays: sources.config.settings.retentionDays };
  const gathered = await gather({ ...sources, belonging, released: [], population, hold: false });
  try {
    const counted = count(gathered, { roster: subject.held });
    return recountRows(finding, counted.tally, counted.population);
  } finally {
    gathered.remove();
  }
}

const differing = (rows: readonly RecountRow[]) => rows.filter(({ result }) => result === 'differs');

function shuffled<T>(items: readonly T[], seed: number): T[] {
  const next = numbers(seed);
  return items
    .map((item) => ({ item, place: next() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}

describe.each(Object.entries(WORLDS))('the figures of %s', (_, spec) => {
  let told: Told[];
  beforeAll(async () => {
    told = await tell(spec);
  }, PATIENCE);
  afterAll(() => told[0]?.tmp.remove());

  it('are told at all', () => {
    expect(told.length).toBeGreaterThan(0);
    expect(told[0]!.subject.last.finding.exchanges).toBeGreaterThan(50);
  });

  it('are counted again as they were told, lift included', async () => {
    for (const each of told) {
      const rows = await recount(each, [], true);
      expect(differing(rows)).toEqual([]);
      expect(rows.slice(0, 3).map(({ result }) => result)).toEqual(['equal', 'equal', 'equal']);
    }
  });

  it('are the same of records shuffled, doubled and split over files', async () => {
    for (const each of told) {
      const { records, tmp } = each;
      const mixed = shuffled([...records, ...records], 7);
      const files = [0, 1, 2].map((part) =>
        tmp.file(`part-${part}.ndjson`, ndjson(mixed.filter((_record, i) => i % 3 === part))),
      );
      expect(differing(await recount(each, files))).toEqual([]);
    }
  });

  it('differ by one record taken away, and the figure is named', async () => {
    for (const each of told) {
      const { finding } = each.subject.last;
      const accounts = new Set(each.subject.held.map(({ account }) => account));
      const belongs = (record: StillwatchRecord): record is UsageRecord =>
        record.type === 'usage' &&
        accounts.has(record.account) &&
        record.time > finding.window.from &&
        record.time < finding.window.to;
      const gone = each.records.find(belongs)!;
      const left = each.records.filter(
        (record) => record.type !== 'usage' || record.account !== gone.account || record.id !== gone.id,
      );
      const rows = await recount(each, [each.tmp.file('less.ndjson', ndjson(left))]);
      expect(differing(rows).map(({ figure }) => figure)).toContain('exchanges');
    }
  });
});

describe('the command', () => {
  let told: Told;
  let home: string;
  beforeAll(async () => {
    [told] = (await tell(WORLDS['a quiet clone']!)) as [Told];
    home = told.tmp.folder;
  }, PATIENCE);
  afterAll(() => told.tmp.remove());

  it(
    'exits 0 where all is equal, 3 where a record is missing, and says which figure',
    async () => {
      const { id, window } = told.subject.last.finding;
      const equal = await stillwatch(['dossier', id, '--at', 'out', '--recount', 'all'], home);
      expect(equal).toMatchObject({ code: 0, stderr: '' });
      expect(equal.stdout).not.toContain('DIFFERS');
      const first = told.records.find(({ type, time }) => type === 'usage' && time === window.from)!;
      const left = told.records.filter(
        (record) => record !== first && !(record.type === 'usage' && record.time === window.from),
      );
      told.tmp.file('headless.ndjson', ndjson(left));
      const differs = await stillwatch(['dossier', id, '--at', 'out', '--recount', 'window', 'headless.ndjson'], home);
      expect(differs.code).toBe(3);
      expect(differs.stdout).toMatch(/^window .*DIFFERS$/m);
      expect(differs.stdout).not.toContain('exchanges');
    },
    PATIENCE,
  );

  it(
    'ends a wrong call in one line and exit 2',
    async () => {
      const { code, stderr, stdout } = await stillwatch(['dossier', 'cmp-none', '--at', 'out'], home);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toMatch(/^stillwatch: cmp-none: no such finding in out; .*\n$/);
    },
    PATIENCE,
  );

  it('says in one line what is wrong with a call', async () => {
    const { id } = told.subject.last.finding;
    const at = told.tmp.at('out');
    const calls: [() => Promise<void>, RegExp][] = [
      [() => dossierCommand(id, [], { at, recount: 'sums' }), /^--recount sums: not one of/],
      [() => dossierCommand(id, ['nowhere.ndjson'], { at, recount: 'all' }), /^nowhere.ndjson: no such file/],
      [() => dossierCommand(id, [], {}), /--at must name/],
      [() => dossierCommand(undefined, [], { at }), /name a finding/],
      [() => dossierCommand(id, [], { at, edition: 'secret', out: told.tmp.at('x') }), /^--edition secret/],
      [() => dossierCommand(undefined, [], { verify: at }), /no dossier/],
      [
        () => dossierCommand(id, [], { at, out: told.tmp.at('x'), sign: told.tmp.at('nokey') }),
        /nokey: cannot be read/,
      ],
      [() => exportCommand(id, [], { at, as: 'pdf' }), /^--as pdf: not one of/],
      [() => exportCommand(id, [], { at, as: 'stix', dryRun: true }), /--dry-run goes with/],
    ];
    for (const [call, words] of calls) {
      const error = await call().then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      expect(error).toBeInstanceOf(InputError);
      expect((error as Error).message).toMatch(words);
      expect((error as Error).message).not.toContain('\n');
    }
    expect(existsSync(told.tmp.at('x'))).toBe(false);
  });
});
