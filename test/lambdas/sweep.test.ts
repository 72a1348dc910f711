import { readdirSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MemoryAggregates } from '../../cli/adapters/memory-store.ts';
import { NO_MEMORY } from '../../core/campaigns/tracked.ts';
import { knownOf } from '../../core/cases/reach.ts';
import { DETECTORS } from '../../core/detectors/index.ts';
import type { Transition } from '../../core/findings/transition.ts';
import { judgedBy } from '../../core/judged-by.ts';
import { parseSettings } from '../../core/settings.ts';
import type { SweepInput } from '../../core/sweep.ts';
import { DynamoFindings } from '../../lambdas/adapters/dynamo-findings.ts';
import { KeptDays } from '../../lambdas/adapters/kept-days.ts';
import { ScratchFolder } from '../../lambdas/adapters/scratch-folder.ts';
import { detect } from '../../lambdas/sweep/detect.ts';
import type { SweepHost } from '../../lambdas/sweep/host.ts';
import { type LoadHost, load } from '../../lambdas/sweep/load/load.ts';
import { planOf, summaryKey } from '../../lambdas/sweep/tasks.ts';
import { batch } from '../contracts/aggregate-store.ts';
import { memory, tracked, transition } from '../contracts/sample-findings.ts';
import { type Scratch, scratch } from '../support/cli.ts';
import { createTable, type DynamoServer, startDynalite } from '../support/dynamodb.ts';
import { type Heard, listening, MemoryObjects } from './support.ts';

const MONDAY = '2026-05-18T00:00:00.000Z';
const TUESDAY = '2026-05-19T00:00:00.000Z';
const SEGMENTS = 3;

let server: DynamoServer;
let host: SweepHost & LoadHost & { told: Heard };
let objects: MemoryObjects;
let announced: Transition[][];
let inputs: SweepInput[];
/** Accounts that each sweep was given, read while it ran. */
let looked: string[][];
let disk: Scratch;

beforeAll(async () => {
  server = await startDynalite();
});
afterAll(() => server.stop());
afterEach(() => disk.remove());

beforeEach(async () => {
  objects = new MemoryObjects();
  announced = [];
  inputs = [];
  looked = [];
  disk = scratch();
  const aggregates = new MemoryAggregates();
  for (let i = 0; i < 12; i++) await aggregates.foldUsage(batch(`account-${i}`, ['x', 'y']));
  host = {
    sweep: (input) => {
      inputs.push(input);
      looked.push(input.segments.flatMap(({ profiles }) => Array.from(profiles, ({ account }) => account)));
      return outcome(input);
    },
    aggregates,
    kept: new KeptDays(objects),
    findings: new DynamoFindings({ client: server.client, table: await createTable(server, 'FindingsTable') }),
    objects,
    scratch: new ScratchFolder(disk.folder),
    announcer: { announce: async (transitions) => void announced.push(transitions) },
    told: listening(),
    settings: parseSettings({}),
    judgedBy: judgedBy(parseSettings({}), '0.9.2', DETECTORS),
    segments: SEGMENTS,
    retentionDays: 90,
  };
});

/** A sweep that opens one finding; the sweep's own tests are elsewhere. */
function outcome({ at, segments }: SweepInput): ReturnType<SweepHost['sweep']> {
  const accounts = segments.reduce((sum, { profiles }) => sum + profiles.length, 0);
  const id = `f_${new Date(at).getUTCDate()}`;
  return {
    transitions: [transition(id)],
    memory: memory(tracked(id)),
    summary: { at, accounts },
    known: () => knownOf(['account-0'], []),
  } as unknown as ReturnType<SweepHost['sweep']>;
}

async function loadAll(at: string, but?: number): Promise<void> {
  for (let segment = 0; segment < SEGMENTS; segment++) {
    if (segment !== but) await load({ at, segment, segments: SEGMENTS }, host);
  }
}

const detectAt = (at: string) => detect({ task: 'detect', at, segments: SEGMENTS }, host);
const ids = () => announced.map((each) => each.map(({ finding }) => finding.id));

describe('the plan of a sweep', () => {
  it('takes its time from the schedule, in one form, so that a retry has the same name', () => {
    const plan = { at: MONDAY, segments: [0, 1, 2], segmentCount: 3 };
    expect(planOf({ task: 'plan', scheduledTime: '2026-05-18T00:00:00Z' }, 3)).toEqual(plan);
    expect(planOf({ task: 'plan', scheduledTime: '2026-05-18T00:00:00.000Z' }, 3)).toEqual(plan);
  });

  it('refuses what is no time, and says what it was given', () => {
    expect(() => planOf({ task: 'plan', scheduledTime: 'now' }, 3)).toThrow('not "now"');
  });
});

describe('a sweep', () => {
  it('looks at every account, saves, and tells what changed', async () => {
    await loadAll(MONDAY);
    expect(await detectAt(MONDAY)).toEqual({ at: MONDAY, told: 1, repeated: false });
    expect(new Set(looked[0])).toEqual(new Set(Array.from({ length: 12 }, (_, i) => `account-${i}`)));
    expect(await host.findings.load()).toEqual(memory(tracked('f_18')));
    expect(ids()).toEqual([['f_18']]);
    expect(host.told.counts).toMatchObject({ AccountsLoaded: 12, AccountsEvaluated: 12, SweepsCompleted: 1 });
    expect(objects.json(summaryKey(MONDAY))).toMatchObject({ summary: { accounts: 12 } });
  });

  it('leaves nothing on the disk of its function, whether it ends or fails: the next one would find it full', async () => {
    await loadAll(MONDAY);
    let held: string[] = [];
    const { sweep } = host;
    host.sweep = () => {
      held = readdirSync(disk.folder);
      throw new Error('out of memory');
    };
    await expect(detectAt(MONDAY)).rejects.toThrow('out of memory');
    expect([held.length, readdirSync(disk.folder)]).toEqual([1, []]);
    host.sweep = sweep;
    expect(await detectAt(MONDAY)).toMatchObject({ told: 1 });
    expect(readdirSync(disk.folder)).toEqual([]);
  });

  it('detects nothing anew when it runs again, but tells the same again', async () => {
    await loadAll(MONDAY);
    await detectAt(MONDAY);
    expect(await detectAt(MONDAY)).toMatchObject({ repeated: true, told: 1 });
    expect(inputs).toHaveLength(1);
    expect(ids()).toEqual([['f_18'], ['f_18']]);
  });

  it('tells what was saved first when two runs of the same sweep overlap', async () => {
    await loadAll(MONDAY);
    const save = host.findings.save.bind(host.findings);
    const first = [transition('f_first')];
    host.findings.save = async (at, all, transitions) => {
      await save(at, memory(tracked('f_first')), first);
      await save(at, all, transitions);
    };
    await detectAt(MONDAY);
    expect(ids()).toEqual([['f_first']]);
  });

  it('stops before it changes a finding when a segment is missing: half the accounts would clear what is still there', async () => {
    await loadAll(MONDAY, 1);
    await expect(detectAt(MONDAY)).rejects.toMatchObject({
      name: 'IncompleteSweepError',
      message: expect.stringContaining('1 of 3'),
    });
    expect([inputs, announced, await host.findings.load()]).toEqual([[], [], NO_MEMORY]);
    expect(host.told.counts.SegmentsMissing).toBe(1);
    await load({ at: MONDAY, segment: 1, segments: SEGMENTS }, host);
    expect(await detectAt(MONDAY)).toMatchObject({ told: 1 });
  });

  it('has saved when telling fails, and tells on the next attempt', async () => {
    await loadAll(MONDAY);
    const announcer = host.announcer;
    host.announcer = { announce: () => Promise.reject(new Error('bus is down')) };
    await expect(detectAt(MONDAY)).rejects.toThrow('bus is down');
    expect(host.told.counts.SweepsCompleted).toBeUndefined();
    host.announcer = announcer;
    expect(await detectAt(MONDAY)).toMatchObject({ repeated: true });
    expect(ids()).toEqual([['f_18']]);
  });

  it('older than the last is refused and tells nothing', async () => {
    await loadAll(TUESDAY);
    await detectAt(TUESDAY);
    await loadAll(MONDAY);
    await expect(detectAt(MONDAY)).rejects.toMatchObject({ name: 'StaleSweepError' });
    expect(ids()).toEqual([['f_19']]);
  });

  it('gives the next one its findings', async () => {
    await loadAll(MONDAY);
    await detectAt(MONDAY);
    await loadAll(TUESDAY);
    await detectAt(TUESDAY);
    expect(inputs[1]!.memory).toEqual(memory(tracked('f_18')));
  });
});
