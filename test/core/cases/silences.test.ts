/** What exceptions, plans and snoozes hold back, and what breaks them. */
import { describe, expect, it } from 'vitest';
import { checkEntry } from '../../../core/cases/rules.ts';
import type { FindingDay } from '../../../core/findings/transition.ts';
import { isoDay, isoTime } from '../../../core/records/time.ts';
import { DAY, HOUR, ID, membersOf, START, World } from './world.ts';

const days = (exchanges: readonly number[], first = START): FindingDay[] =>
  exchanges.map((count, i) => ({
    day: isoDay(first / DAY + i),
    exchanges: count,
    outputTokens: count * 1000,
    active: 1,
    joined: 0,
    banned: 0,
  }));

describe('an exception', () => {
  it('over all but one certain account holds no message', () => {
    const world = new World().except(['a', 'b']).open();
    expect(world.said()).toBe('O');
    expect(world.held).toMatchObject({ state: 'new', covers: [{ accounts: 1 }, { accounts: 1 }] });
  });

  it('over all of them holds the messages, and at its end the finding is told that never was', () => {
    const world = new World().except(['a', 'b', 'c']).open();
    world.wait(DAY).update();
    expect(world.said()).toBe('dd');
    expect(world.held.state).toBe('covered');
    world.wait(30 * DAY);
    const told = world.heard().filter(({ word }) => word !== undefined && word !== 'reminder');
    expect(told).toMatchObject([{ said: 'O', word: 'opened', at: isoTime(START + 30 * DAY) }]);
  });

  it('need not cover probable accounts, but all where none is certain', () => {
    const some = new World();
    some.members = [...membersOf(['a']), ...membersOf(['p'], 'probable')];
    expect(some.except(['a']).open().held.state).toBe('covered');
    const none = new World();
    none.members = membersOf(['p', 'q'], 'probable');
    expect(none.except(['p']).open().held.state).toBe('new');
    expect(none.except(['q']).held.state).toBe('covered');
  });

  it('ends when an uncovered certain account joins', () => {
    const world = new World().open().wait(DAY).except(['a', 'b', 'c']);
    world.heard();
    world.members = membersOf(['a', 'b', 'c', 'd']);
    world.wait(DAY).sweep();
    expect([world.said(), world.held.state]).toEqual(['U', 'new']);
  });

  it('is broken by a grave change into a class that it is not for, and not by one that it is for', () => {
    const world = new World().open().wait(DAY).except(['a', 'b', 'c']);
    world.heard();
    world.update({ severity: 'SEV1' });
    expect([world.said(), world.held.state]).toEqual(['d', 'covered']);
    world.wait(1).update({ classification: 'account_takeover' });
    expect([world.said(), world.held.state]).toEqual(['U', 'new']);
  });

  it('ends for good when its ceiling is passed, and can be ended by hand', () => {
    const world = new World().except(['a', 'b', 'c'], { ceiling: 100 }).open();
    expect(world.held.state).toBe('covered');
    world.seen = { daily: days([90, 101]) };
    world.wait(2 * DAY).sweep();
    world.seen = { daily: days([90, 101, 20]) };
    world.wait(DAY).sweep();
    expect(world.held.state).toBe('new');
    const ended = new World().except(['a', 'b', 'c']).open();
    ended.decide({ action: 'exception-end', id: 'exc-2' });
    expect(ended.held.state).toBe('new');
  });

  it('covers an organisation, and those who use a template', async () => {
    const world = new World();
    const { hash48 } = await import('../../../core/aggregates/hash.ts');
    world.seen = { reach: { a: { org: 'o' }, b: { org: 'o' }, c: { templates: [hash48('t')] } } };
    world.except(['-'], { scope: { org: 'o' } }).open();
    expect(world.held.covers).toMatchObject([{ accounts: 2 }]);
    world.except(['-'], { scope: { template: 't' } });
    expect(world.held.state).toBe('covered');
  });

  it('is over for a finding that is confirmed meanwhile', () => {
    const world = new World().open().wait(DAY).except(['a', 'b', 'c']);
    world.decide({ action: 'verdict', finding: ID, verdict: 'confirmed', reason: 'seen it' });
    world.wait(DAY).sweep();
    expect(world.held.state).toBe('acked');
  });

  it.each([
    ['of 91 days', { until: isoTime(START + 91 * DAY) }, /--until .*: must end within 90 days/],
    ['that is over', { until: isoTime(START - 1) }, /is over already/],
    ['for distillation by one person', { approvedBy: undefined }, /--approved-by: .*second person/],
    ['approved by its owner', { approvedBy: 'lee' }, /somebody other than the owner/],
  ])('%s is refused', (_, more, message) => {
    const entry = {
      action: 'exception' as const,
      id: 'exc-1',
      scope: { account: 'a' },
      classifications: ['distillation' as const],
      until: isoTime(START + 90 * DAY),
      reason: 'ours',
      owner: 'lee',
      approvedBy: 'kim',
      at: isoTime(START),
      by: 'mara',
      ...more,
    };
    const { book } = new World().open();
    expect(() => checkEntry(entry as never, { book, now: START })).toThrow(message);
  });
});

describe('a plan', () => {
  const planned = (ceiling: { exchanges: number } | { output: number } = { exchanges: 1000 }) => {
    const world = new World();
    world.members = membersOf(['a']);
    return world.decide({
      action: 'plan',
      id: 'plan-1',
      scope: { account: 'a' },
      from: isoTime(START),
      to: isoTime(START + 5 * DAY),
      ceiling,
      reason: 'load test',
      owner: 'lee',
    });
  };
  const volume = { classification: 'volume_anomaly', kind: 'consumer' } as const;

  it('silences the volume of its accounts inside its period', () => {
    expect(planned().wait(DAY).open(volume).held.state).toBe('covered');
  });

  it('silences nothing before it begins, and nothing after it ends', () => {
    const early = planned();
    early.seen = { dataTo: isoTime(START - HOUR) };
    expect(early.open(volume).held.state).toBe('new');
    const late = planned().wait(DAY).open(volume);
    late.wait(5 * DAY).sweep();
    expect(late.held.state).toBe('new');
  });

  it.each([[{ exchanges: 1000 }], [{ output: 1_000_000 }]])('silences nothing above its ceiling of %j', (ceiling) => {
    const world = planned(ceiling).wait(DAY).open(volume);
    world.seen = { daily: days([600, 401]) };
    world.wait(DAY).sweep();
    expect(world.held.state).toBe('new');
  });

  it('does not silence the same account when it is taken over', () => {
    const world = planned()
      .wait(DAY)
      .open({ ...volume, classification: 'account_takeover' });
    expect(world.said()).toBe('O');
  });
});

describe('a snooze', () => {
  const snoozed = (severity: 'SEV1' | 'SEV2' = 'SEV2') => {
    const world = new World().open({ severity }).wait(DAY);
    world.decide({ action: 'snooze', finding: ID, until: isoTime(START + 3 * DAY), reason: 'x', owner: 'lee' });
    world.heard();
    return world;
  };

  it('folds everything but grave changes into one message at its end, compared with the one before', () => {
    const world = snoozed();
    world.wait(HOUR).update({ exchanges: 90_000 }).wait(HOUR).update({ exchanges: 180_000 });
    expect(world.said()).toBe('dd');
    world.wait(3 * DAY);
    const [told] = world.heard().filter(({ said }) => said !== 'M');
    expect(told).toMatchObject({ said: 'U', at: isoTime(START + 3 * DAY), since: { at: isoTime(START) } });
    expect(told!.state.last.finding.exchanges).toBe(180_000);
  });

  it('is broken by a grave change at once, and can be ended', () => {
    expect(snoozed().update({ severity: 'SEV1' }).said()).toBe('U');
    expect(snoozed().decide({ action: 'snooze-end', finding: ID }).said()).toBe('l');
  });

  it('that ends without news leaves nobody out who would have been reminded without it', () => {
    const world = snoozed().wait(5 * DAY);
    const ends = START + 3 * DAY;
    const told = world.heard().map(({ said, at }) => [said, (Date.parse(at) - ends) / HOUR]);
    expect(told).toEqual([
      ['l', 0],
      ['M', 8],
      ['M', 24],
    ]);
    const acked = new World().open().decide({ action: 'ack', finding: ID });
    acked.decide({ action: 'snooze', finding: ID, until: isoTime(ends), reason: 'x', owner: 'lee' }).heard();
    expect(acked.wait(5 * DAY).said()).toBe('l');
  });

  it.each([
    ['SEV1', 24 * HOUR + 1, /24 h while SEV1/],
    ['SEV2', 90 * DAY + 1, /90 days/],
  ] as const)('of %s is refused beyond its longest time, and taken up to it', (severity, ms, message) => {
    const { book, now } = new World().open({ severity });
    const entry = { action: 'snooze' as const, finding: ID, reason: 'x', owner: 'lee', at: isoTime(now), by: 'mara' };
    expect(() => checkEntry({ ...entry, until: isoTime(now + ms) }, { book, now })).toThrow(message);
    expect(() => checkEntry({ ...entry, until: isoTime(now + ms - 1) }, { book, now })).not.toThrow();
  });
});

describe('messages after the first', () => {
  it('come at once when the last was long ago; else they wait for each other for six hours', () => {
    const world = new World()
      .open()
      .decide({ action: 'ack', finding: ID })
      .wait(7 * HOUR)
      .update();
    expect(world.said()).toBe('OlU');
    world.wait(HOUR).update({ exchanges: 100_000 });
    world.wait(HOUR).update({ exchanges: 210_000 });
    expect(world.said()).toBe('dd');
    world.wait(5 * HOUR);
    const told = world.heard().filter(({ said }) => said === 'U');
    expect(told).toMatchObject([{ at: isoTime(START + 13 * HOUR), since: { at: isoTime(START + 7 * HOUR) } }]);
    expect(told[0]!.state.last.finding.exchanges).toBe(210_000);
  });

  it('do not wait when they are grave, and the waiting ones are told with them', () => {
    const world = new World().open().wait(HOUR).update();
    expect(world.said()).toBe('Od');
    world.wait(HOUR).update({ severity: 'SEV1' });
    expect(world.said()).toBe('U');
    world.wait(5 * HOUR);
    expect(world.heard().filter(({ said }) => said === 'U')).toEqual([]);
  });

  it('wait as long as the setting of the moment says', () => {
    const world = new World().open().wait(HOUR);
    world.rules = { ...world.rules, foldMs: 30 * 60_000 };
    expect(world.update().said()).toBe('OU');
  });

  it('page no more than the quota of a day: further SEV2 go out without paging, SEV1 always page', () => {
    const world = new World();
    world.rules = { ...world.rules, maxPagesPerDay: 3 };
    for (let i = 0; i < 5; i++) world.open({ severity: 'SEV2' }, `cmp-${i}`).wait(1);
    world.open({ severity: 'SEV1' }, 'cmp-urgent');
    expect(world.heard().map(({ unpaged }) => unpaged ?? false)).toEqual([false, false, false, true, true, false]);
    expect(world.book.pages).toMatchObject({ sent: 4, folded: 2 });
    world.wait(DAY).open({ severity: 'SEV2' }, 'cmp-next');
    expect(world.heard().at(-1)!.unpaged).toBeUndefined();
  });
});
