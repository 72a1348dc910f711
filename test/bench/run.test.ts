import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ResultCache } from '../../bench/evaluate/cache.ts';
import { CallError, parseCall } from '../../bench/evaluate/call.ts';
import { jobsOf, TIERS } from '../../bench/evaluate/plan.ts';
import { NAMESPACES } from '../../bench/evaluate/seeds.ts';
import { runCalibration, thresholdsFrom } from '../../bench/evaluate/trial/calibrate.ts';
import type { Case } from '../../bench/evaluate/trial/case.ts';
import { runTrial } from '../../bench/evaluate/trial/trial.ts';
import { CASES } from '../../bench/evaluate/trial/worlds.ts';
import { parseWorld } from '../../cli/simulate/spec.ts';
import { Simulation } from '../../cli/simulate/world.ts';

const dir = mkdtempSync(join(tmpdir(), 'stillwatch-evaluate-'));
afterAll(() => rmSync(dir, { recursive: true }));

describe('the reported seeds', () => {
  it('are used by whole runs alone', () => {
    expect(parseCall([]).reported).toBe(true);
    expect(parseCall(['--long']).reported).toBe(true);
    for (const args of [['--quick'], ['--dev'], ['--only', 'A1'], ['--long', '--dev']])
      expect(parseCall(args).reported).toBe(false);
  });

  it('are never those of development or calibration, whatever the plan', () => {
    const seeds = (namespace: 'report' | 'development') =>
      TIERS.flatMap((tier) =>
        jobsOf(
          CASES.filter(({ section }) => section !== 'calibration'),
          tier,
          namespace,
        ),
      ).map(({ seed }) => seed);
    const reported = new Set(seeds('report'));
    expect([...reported].every((seed) => seed.startsWith(NAMESPACES.report))).toBe(true);
    expect(seeds('development').filter((seed) => reported.has(seed))).toEqual([]);
    const calibration = jobsOf(
      CASES.filter(({ section }) => section === 'calibration'),
      'full',
      'report',
    );
    expect(calibration.length).toBeGreaterThan(0);
    expect(calibration.every(({ seed }) => seed.startsWith(NAMESPACES.calibration))).toBe(true);
  });
});

describe('a call', () => {
  it.each([[['--only', 'A99']], [['--fast']], [['--quick', '--long']], [['A1']]])(
    'that is wrong gets one line: %s',
    (args) => {
      expect(() => parseCall(args)).toThrow(CallError);
      expect(() => parseCall(args)).toThrow(/^[^\n]+$/);
    },
  );
});

describe('the cases', () => {
  it('each have an id of their own and a world that the simulator takes', () => {
    expect(new Set(CASES.map(({ id }) => id)).size).toBe(CASES.length);
    for (const one of CASES) expect(() => new Simulation(shrunk(one, 'test'))).not.toThrow();
  });

  it('differ in every step of a careful operator', () => {
    const worlds = CASES.filter(({ section }) => section === 'measures').map((one) => JSON.stringify(one.world('x')));
    expect(new Set(worlds).size).toBe(worlds.length);
  });
});

function shrunk(one: Case, seed: string) {
  const spec = one.world(seed);
  const campaigns = spec.campaigns?.map((campaign) => ({ ...campaign, accounts: 5 })) ?? [];
  return parseWorld({ ...spec, benign: { accounts: 10 }, campaigns });
}

describe('a run that was interrupted', () => {
  it('goes on with what was saved, and does again what was cut short', () => {
    new ResultCache(dir).save('A1 s-1', { found: true });
    appendFileSync(join(dir, 'results.ndjson'), '{"key":"A1 s-2","resu');
    const resumed = new ResultCache(dir);
    expect(resumed.get('A1 s-1')).toEqual({ found: true });
    expect(resumed.get('A1 s-2')).toBeUndefined();
    resumed.save('A1 s-2', { found: false });
    expect(new ResultCache(dir).get('A1 s-2')).toEqual({ found: false });
  });
});

describe('a trial', () => {
  const tiny: Case = {
    id: 'tiny',
    section: 'adversary',
    title: 'forty accounts among 300',
    compared: true,
    world: (seed) => ({
      seed,
      days: 6,
      benign: { accounts: 300 },
      campaigns: [{ scenario: 'A1', accounts: 40, start: 2, days: 4 }],
    }),
  };
  const thresholds = thresholdsFrom([
    runCalibration({ ...tiny, world: (seed) => ({ seed, days: 6, benign: { accounts: 300 } }) }, 'calibration-test'),
  ]);

  it('counts what the simulator did and the sweeps that watched it', () => {
    const trial = runTrial(tiny, 'test-1', Date.UTC(2030, 0), thresholds);
    expect(trial.registered).toBe(340);
    expect(trial.active).toBeGreaterThan(100);
    expect(trial.weeks).toBeCloseTo(6 / 7, 9);
    expect(trial.sweeps.length).toBe(6);
    expect(trial.campaigns[0]!.accounts).toBeGreaterThanOrEqual(40);
    expect(Object.keys(trial.rules).sort()).toEqual(Object.keys(thresholds).sort());
    for (const { usual, set } of Object.values(trial.rules)) {
      expect(usual.size).toBe(trial.campaigns[0]!.accounts);
      expect(set.right).toBeLessThanOrEqual(set.accused);
    }
  });

  it('that stops early counts fewer days, and the leak against all of them', () => {
    const stopped = runTrial({ ...tiny, stopDay: 4, compared: false }, 'test-1', Date.UTC(2030, 0), {});
    expect(stopped.weeks).toBeCloseTo(4 / 7, 9);
    expect(stopped.sweeps.length).toBe(4);
    const [campaign] = stopped.campaigns;
    const whole = 40 * 25.6 * 4;
    const ratio = campaign!.leakedExchanges / campaign!.leaked / whole;
    expect(ratio).toBeGreaterThan(0.8);
    expect(ratio).toBeLessThan(1.25);
    expect(stopped.rules).toEqual({});
  });
});
