/** Sweeps and people act at the same time and in any order: no decision is lost, changed or undone. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryCases } from '../../../cli/adapters/place/memory.ts';
import type { NewEntry } from '../../../core/cases/entry.ts';
import { isoTime } from '../../../core/records/time.ts';
import { DAY, HOUR, ID, World } from './world.ts';

type Step = (world: World) => World;

const decisions: fc.Arbitrary<Step> = fc.constantFrom<Step>(
  (world) => world.decide({ action: 'ack', finding: ID }),
  (world) => world.decide({ action: 'assign', finding: ID, to: 'lee' }),
  (world) => world.decide({ action: 'note', finding: ID, text: 'seen' }),
  (world) =>
    world.decide({ action: 'snooze', finding: ID, until: isoTime(world.now + 4 * HOUR), reason: 'x', owner: 'lee' }),
  (world) => world.decide({ action: 'snooze-end', finding: ID }),
  (world) => world.decide({ action: 'verdict', finding: ID, verdict: 'benign-cohort', reason: 'a class' }),
  (world) => world.decide({ action: 'verdict', finding: ID, verdict: 'confirmed', reason: 'seen it' }),
  (world) => world.except(['a', 'b', 'c']),
);
const sweeps: fc.Arbitrary<Step> = fc.constantFrom<Step>(
  (world) => world.update(),
  (world) => world.update({ severity: 'SEV1' }),
  (world) => world.update({ severity: 'SEV3' }),
  (world) => world.sweep(),
  (world) => (world.held.state === 'cleared' ? world.reopen() : world.clear()),
  (world) => world.wait(9 * HOUR),
  (world) => world.wait(3 * DAY),
);

describe('100 interleavings of sweeps and decisions', () => {
  it('leave every decision in the log, in order and unchanged, and the last word of people standing', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(decisions, sweeps), { minLength: 5, maxLength: 40 }), (steps) => {
        const world = new World().open();
        const written: string[] = [];
        for (const step of steps) {
          world.wait(1000);
          step(world);
          for (const entry of world.log.slice(written.length)) written.push(JSON.stringify(entry));
          expect(world.log.map((entry) => JSON.stringify(entry))).toEqual(written);
        }
        const of = <A extends NewEntry['action']>(action: A) => world.log.filter((entry) => entry.action === action);
        const assigned = of('assign').length > 0;
        if (world.held.assignee !== null) expect(assigned).toBe(true);
        const verdicts = of('verdict');
        if (verdicts.length > 0 && world.held.state !== 'archived')
          expect(world.held.verdict).toBe((verdicts.at(-1) as { verdict: string }).verdict);
      }),
      { numRuns: 100 },
    );
  });

  it('tell no message twice, and give each a reason', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(decisions, sweeps), { minLength: 5, maxLength: 40 }), (steps) => {
        const world = new World().open();
        for (const step of steps) step(world.wait(1000));
        const sent = world.heard().filter(({ word }) => word !== undefined);
        const ids = sent.map(({ at, word }) => `${at} ${word}`);
        expect(new Set(ids).size).toBe(ids.length);
        for (const { why } of sent) expect(why).not.toBe('');
        expect(sent.filter(({ said }) => said === 'O')).toHaveLength(1);
      }),
      { numRuns: 100 },
    );
  });

  it('come to the same cases when the log is taken in at once or bit by bit', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(decisions, sweeps), { minLength: 5, maxLength: 30 }), (steps) => {
        const run = (looks: boolean) => {
          const world = new World().open();
          for (const step of steps) {
            step(world.wait(1000));
            if (looks) for (let i = 0; i < 3; i++) world.wait(0);
          }
          return world;
        };
        const [once, often] = [run(false), run(true)];
        expect(often.book.cases).toEqual(once.book.cases);
        expect(often.tellings).toEqual(once.tellings);
      }),
      { numRuns: 100 },
    );
  });

  it('let of two people at one place in the log one in, whoever comes first', async () => {
    const log = new MemoryCases();
    const entry = (by: string): NewEntry => ({ action: 'ack', finding: ID, at: isoTime(0), by });
    const won = await Promise.all(['mara', 'tom', 'lee'].map((by) => log.append(entry(by), 0)));
    expect(won.map((each) => each?.by)).toEqual(['mara', undefined, undefined]);
  });
});
