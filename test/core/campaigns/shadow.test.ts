/** A detector in shadow is tried out on real traffic: whatever it says, what people are told is as if it were not there. */
import { describe, expect, test } from 'vitest';
import { NO_MEMORY, type SweepMemory } from '../../../core/campaigns/tracked.ts';
import { CAMPAIGN_DETECTORS } from '../../../core/detectors/index.ts';
import type { DetectorSlug, EvidenceGroup } from '../../../core/findings/finding.ts';
import { parseSettings, type SettingsInput } from '../../../core/settings.ts';
import { type SweepResult, sweep } from '../../../core/sweep.ts';
import { dayMs, ordinary, pool, segmentOf } from '../../support/population.ts';

const world = [...ordinary(300), ...pool({ size: 30 })];

function sweepWith(detection: SettingsInput['detection'], day = 10, memory: SweepMemory = NO_MEMORY): SweepResult {
  const settings = parseSettings({ detection });
  return sweep({ at: dayMs(day), segments: [segmentOf(world, day)], releases: [], memory, settings });
}

/** All that a sweep tells and remembers, without what it keeps of detectors in shadow. */
const counted = ({ transitions, current, memory, summary }: SweepResult) =>
  JSON.parse(JSON.stringify({ transitions, current, memory, summary }), (key, value) =>
    key === 'shadow' ? undefined : value,
  );

const shadowOf = ({ transitions, current }: SweepResult) => (transitions[0] ?? current[0])!.context.shadow;
const inGroups = (...groups: EvidenceGroup[]) =>
  CAMPAIGN_DETECTORS.filter(({ meta }) => meta.groups.every((group) => groups.includes(group))).map(
    ({ meta }) => meta.slug as Exclude<DetectorSlug, 'consumer-anomaly' | 'key-sharing'>,
  );

const DISTILLING = ['reasoning-elicitation', 'rubric-grading', 'coverage-sweep', 'content-shift'] as const;

describe('what is told and remembered', () => {
  test.each([
    [['custody']],
    [['cohort']],
    [['content']],
    [['schedule']],
    [['intent']],
    [['identity', 'network']],
  ] as const)('is the same with %j in shadow as without', (groups) => {
    const shadow = inGroups(...groups);
    expect(shadow.length).toBeGreaterThan(0);
    expect(counted(sweepWith({ shadow }))).toEqual(counted(sweepWith({ withoutGroups: [...groups] })));
  });

  test('holds no trace of shadows where no detector is in shadow', () => {
    expect(JSON.stringify(sweepWith({}))).not.toContain('shadow');
  });

  test('is coordinated abuse where what shows the intent to distil is in shadow, and says what it would be', () => {
    const { finding, context } = sweepWith({ shadow: [...DISTILLING] }).transitions[0]!;
    expect(finding.classification).toBe('coordinated_abuse');
    expect(sweepWith({}).transitions[0]!.finding.classification).toBe('distillation');
    expect(finding.evidence.map(({ detector }) => detector)).not.toContain('reasoning-elicitation');
    expect(context.shadow!.classification).toBe('distillation');
    expect(context.shadow!.evidence.map(({ detector }) => detector)).toContain('reasoning-elicitation');
    expect(context.shadow!.nats.with).toBeGreaterThan(context.shadow!.nats.without);
  });
});

describe('what a detector in shadow saw', () => {
  test('is what it says when it counts', () => {
    const { evidence } = sweepWith({}).transitions[0]!.finding;
    const shown = evidence.find(({ detector }) => detector === 'cohort-birth');
    expect(shown).toBeDefined();
    expect(shadowOf(sweepWith({ shadow: ['cohort-birth'] }))!.evidence).toEqual([shown]);
  });

  test('is kept with the finding until no detector is in shadow any more', () => {
    const first = sweepWith({ shadow: ['cohort-birth'] }, 9);
    const second = sweepWith({ shadow: ['cohort-birth'] }, 10, first.memory);
    expect(second.memory.tracked[0]!.shadow!.evidence[0]!.detector).toBe('cohort-birth');
    expect(shadowOf(second)).toEqual(second.memory.tracked[0]!.shadow);
    expect(JSON.stringify(sweepWith({}, 11, second.memory).memory.tracked)).not.toContain('shadow');
  });
});

test('a slug that is none, or that opens findings by itself, is named in one line', () => {
  const wrong = (slug: string) => () => parseSettings({ detection: { shadow: [slug] } });
  expect(wrong('cohort-brith')).toThrow(
    /^detection\.shadow\.0: "cohort-brith" is no detector of campaigns; .*cohort-birth.*$/,
  );
  expect(wrong('key-sharing')).toThrow(/^detection\.shadow\.0: "key-sharing" is no detector of campaigns; /);
});
