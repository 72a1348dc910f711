/** One replay of a small world, held against its raw records by code that shares nothing with the pipeline. */
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Replayed } from '../../cli/replay/run.ts';
import type { WorldTruth } from '../../cli/simulate/truth.ts';
import type { StillwatchRecord, UsageRecord } from '../../core/records/schema.ts';
import { filesUnder, ndjson, replay, type Scratch, scratch, simulated } from '../support/cli.ts';
import { type MemberLine, type Results, readResults } from '../support/findings-contract.ts';

let tmp: Scratch;
let truth: WorldTruth;
let records: StillwatchRecord[];
let usage: UsageRecord[];
let replayed: Replayed;
let results: Results;

beforeAll(async () => {
  tmp = scratch();
  ({ records, truth } = simulated());
  usage = [...new Map(records.flatMap((r) => (r.type === 'usage' ? [[`${r.account} ${r.id}`, r]] : []))).values()];
  const input = tmp.file('world.ndjson', ndjson(records));
  replayed = await replay([input], tmp.at('out'));
  results = readResults(tmp.at('out'));
});
afterAll(() => tmp.remove());

/** The exchanges of an account from the day of its first that belongs, before `at`. */
function belonging({ account, since }: MemberLine, at: string): UsageRecord[] {
  return usage.filter(
    (record) => record.account === account && record.time.slice(0, 10) >= since.slice(0, 10) && record.time < at,
  );
}

function held(finding: { id: string; at: string }): MemberLine[] {
  return results.members.filter(
    ({ finding: of, claimed, until }) =>
      of === finding.id && claimed <= finding.at && (until === undefined || until > finding.at),
  );
}

function recount(finding: { id: string; at: string }, at = finding.at) {
  const members = held(finding);
  const theirs = members.flatMap((member) => belonging(member, at));
  const times = theirs.map(({ time }) => time).sort();
  const tasks = new Map<string, number>();
  for (const { prompt } of theirs) if (prompt?.task) tasks.set(prompt.task, (tasks.get(prompt.task) ?? 0) + 1);
  return {
    accounts: {
      certain: members.filter(({ confidence }) => confidence === 'certain').length,
      probable: members.filter(({ confidence }) => confidence === 'probable').length,
    },
    exchanges: theirs.length,
    outputTokens: theirs.reduce((sum, { tokens }) => sum + tokens.output, 0),
    window: { from: times[0], to: times.at(-1) },
    tasks: Object.fromEntries(tasks),
  };
}

describe('replaying a platform with a campaign in it', () => {
  it('leaves every file of the contract, and nothing unfinished', () => {
    const names = [...filesUnder(tmp.at('out')).keys()];
    for (const name of ['findings.ndjson', 'members.ndjson', 'summary.json', 'quarantine.ndjson', 'report.html'])
      expect(names).toContain(name);
    expect(names.filter((name) => /^outbox\/.*-opened\.(txt|json|eml)$/.test(name))).toHaveLength(3);
    expect(names.filter((name) => name.startsWith('.'))).toEqual([]);
    expect(existsSync(tmp.at('out', '.replay-in-progress'))).toBe(false);
  });

  it('finds the campaign, once, and nobody else', () => {
    const [campaign] = truth.campaigns;
    expect(new Set(results.findings.map(({ id }) => id)).size).toBe(1);
    expect(results.findings[0]).toMatchObject({ state: 'opened', kind: 'campaign', classification: 'distillation' });
    const accounts = results.members.map(({ account }) => account);
    expect(new Set(accounts).size).toBe(accounts.length);
    expect(accounts.filter((account) => !campaign!.accounts.includes(account))).toEqual([]);
    expect(accounts.length).toBeGreaterThanOrEqual(0.9 * campaign!.accounts.length);
  });

  it.each(['the last transition', 'the last sweep'])(
    'states figures that a recount of the raw records gives: %s',
    (which) => {
      const isTold = which === 'the last transition';
      const finding = isTold ? results.findings.at(-1)! : replayed.current.at(-1)!.finding;
      const counted = recount(finding, isTold ? finding.at : '9');
      expect(finding.exchanges).toBeGreaterThan(500);
      expect(finding).toMatchObject({
        accounts: counted.accounts,
        exchanges: counted.exchanges,
        outputTokens: counted.outputTokens,
        window: counted.window,
      });
      expect(Object.fromEntries(finding.capabilities.map(({ task, exchanges }) => [task, exchanges]))).toEqual(
        counted.tasks,
      );
    },
  );

  it('compares each capability with the whole platform', () => {
    const finding = results.findings.at(-1)!;
    const before = usage.filter(({ time }) => time < finding.at);
    for (const { task, exchanges, share, lift } of finding.capabilities) {
      const usual = before.filter(({ prompt }) => prompt?.task === task).length / before.length;
      expect(share).toBeCloseTo(exchanges / finding.exchanges, 3);
      expect(lift / (exchanges / finding.exchanges / usual)).toBeCloseTo(1, 2);
    }
  });

  it('dates each member by its own exchanges', () => {
    for (const member of results.members) {
      const times = usage.filter(({ account }) => account === member.account).map(({ time }) => time);
      expect(times.sort()[0]).toBe(member.since);
      expect(member.claimed > member.since).toBe(true);
    }
  });

  it('accounts for every record in the summary', () => {
    const { summary, findings } = results;
    const times = usage.map(({ time }) => time).sort();
    const told = records.filter(({ type }) => type !== 'usage').length;
    expect(summary).toMatchObject({
      records: records.length,
      usage: usage.length,
      duplicates: records.length - told - usage.length,
      accounts: new Set(usage.map(({ account }) => account)).size,
      quarantined: 0,
      late: 0,
      sweeps: 4,
      from: times[0],
      to: times.at(-1),
    });
    expect(summary.duplicates).toBeGreaterThan(0);
    const inState = (state: string) => findings.filter((finding) => finding.state === state).length;
    expect(summary.findings).toEqual({
      opened: inState('opened'),
      updated: inState('updated'),
      cleared: inState('cleared'),
    });
    expect(summary).toEqual(replayed.summary);
  });

  it('tells in time order, and every transition once', () => {
    const times = results.findings.map(({ at }) => at);
    expect(times).toEqual(times.toSorted());
    expect(results.findings.filter(({ state }) => state === 'opened')).toHaveLength(1);
    const texts = [...filesUnder(tmp.at('out', 'outbox')).keys()].filter((name) =>
      /-(opened|updated|reopened|cleared)\.txt$/.test(name),
    );
    expect(texts).toHaveLength(results.findings.length);
  });
});
