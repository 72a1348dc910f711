/** Each cell of the table is walked into, as people and sweeps would: what the state is then, and what was said. */
import { describe, expect, it } from 'vitest';
import { checkEntry } from '../../../core/cases/rules.ts';
import { CASE_EVENTS, type CaseEvent, cellOf, STATES, type StateName } from '../../../core/cases/state-table.ts';
import { isoTime } from '../../../core/records/time.ts';
import { DAY, HOUR, ID, World } from './world.ts';

/** A world in which the case is in that state, everything said so far heard, and no message newer than a day. */
const INTO: Record<StateName, () => World> = {
  new: () => new World().open().wait(DAY),
  acked: () => new World().open().decide({ action: 'ack', finding: ID }).wait(DAY),
  snoozed: () =>
    new World()
      .open()
      .wait(DAY)
      .decide(snooze(3 * DAY)),
  covered: () => new World().open().wait(DAY).except(['a', 'b', 'c']),
  judged: () => new World().open().wait(DAY).decide(verdict('benign-planned')),
  cleared: () => new World().open().wait(DAY).clear().wait(HOUR),
  archived: () =>
    new World()
      .open()
      .wait(DAY)
      .clear()
      .wait(15 * DAY),
};

const snooze = (ms: number) => ({
  action: 'snooze' as const,
  finding: ID,
  until: isoTime(Date.parse('2026-05-16T00:00:00.000Z') + ms),
  reason: 'later',
  owner: 'mara',
});
const verdict = (verdict: 'confirmed' | 'benign-planned' | 'unknown') => ({
  action: 'verdict' as const,
  finding: ID,
  verdict,
  reason: 'asked them',
});

/** How each event comes about in a world. */
const HAPPENS: Record<CaseEvent, (world: World) => unknown> = {
  'updated, grave': (world) => world.update({ severity: 'SEV1', classification: 'account_takeover' }),
  'updated, grave but covered': (world) => world.update({ severity: 'SEV1' }),
  updated: (world) => world.update(),
  cleared: (world) => world.clear(),
  returns: (world) => world.reopen(),
  'returns, covered': (world) => world.except(['a', 'b', 'c']).reopen(),
  'returns, judged benign and not grave': (world) => world.decide(verdict('benign-planned')).reopen(),
  ack: (world) => world.decide({ action: 'ack', finding: ID }, 'tom'),
  assign: (world) => world.decide({ action: 'assign', finding: ID, to: 'tom' }),
  note: (world) => world.decide({ action: 'note', finding: ID, text: 'seen' }),
  snooze: (world) => world.decide(snooze(2 * DAY)),
  'snooze ends': (world) => world.wait(4 * DAY),
  'snooze ends, material meanwhile': (world) => world.update().wait(4 * DAY),
  'verdict confirmed': (world) => world.decide(verdict('confirmed')),
  'verdict other': (world) => world.decide(verdict('unknown')),
  'cover complete': (world) => world.except(['a', 'b', 'c']),
  'cover ends': (world) => world.wait(31 * DAY),
  'cover ends, never messaged': (world) => world.wait(31 * DAY),
  escalation: (world) => world.wait(0),
  'escalation, two sent': (world) => world.wait(0),
  'below material': (world) => world.sweep(),
  'fourteen days': (world) => world.wait(15 * DAY),
};

/** Cells that need a way of their own, or cannot be reached because another row is the one that applies. */
const OWN_WAY: Partial<Record<CaseEvent, Partial<Record<StateName, () => World>>>> = {
  'cover ends, never messaged': { covered: () => new World().except(['a', 'b', 'c']).open() },
  escalation: { new: () => new World().open() },
};

const refused = (event: CaseEvent) =>
  ['ack', 'assign', 'note', 'snooze', 'verdict confirmed', 'verdict other'].includes(event);

describe.each(CASE_EVENTS)('%s', (event) => {
  const cells = STATES.map((state) => ({ state, cell: cellOf(event, state) })).filter(({ cell }) => cell !== '-');

  it.each(cells.filter(({ cell }) => cell !== 'x'))(
    'in $state goes and says as the table has it',
    ({ state, cell }) => {
      if (cell === 'x' || cell === '-' || event.startsWith('escalation') || event === 'below material') return;
      const world = OWN_WAY[event]?.[state]?.() ?? INTO[state]();
      expect(world.held.state).toBe(state);
      world.heard();
      HAPPENS[event](world);
      const next = cell.next === 'same' ? state : cell.next === 'before' ? 'new' : cell.next;
      const told = world.heard();
      expect(told.map(({ said }) => said).at(event === 'snooze ends, material meanwhile' ? 1 : 0) ?? '-').toBe(
        cell.said,
      );
      expect(told.find(({ said }) => said === cell.said)?.state.state ?? world.held.state).toBe(next);
    },
  );

  it.each(cells.filter(({ cell }) => cell === 'x'))('in $state is refused', ({ state }) => {
    expect(refused(event)).toBe(true);
    const world = INTO[state]();
    const before = structuredClone(world.held);
    world.heard();
    const entry = entryOf(event, world);
    expect(() => checkEntry(entry, { book: world.book, now: world.now })).toThrow(new RegExp(`${ID} is ${state}`));
    HAPPENS[event](world);
    expect(world.held).toEqual(before);
    expect(world.said()).toBe('');
  });
});

function entryOf(event: CaseEvent, world: World) {
  const copy = INTO.new();
  HAPPENS[event](copy);
  const { seq: _, ...entry } = copy.log.at(-1)!;
  return { ...entry, at: isoTime(world.now), ...(event === 'snooze' ? { until: isoTime(world.now + HOUR) } : {}) };
}

/** As it was agreed, row by row; where a cell depends on more, each case is a row of its own. */
const AGREED = `
updated, grave | new/U | acked/U | new/U | new/U | new/U | - | -
updated, grave but covered | - | - | - | covered/d | - | - | -
updated | new/U | acked/U | snoozed/d | covered/d | judged/d | - | -
cleared | cleared/C | cleared/C | cleared/C | cleared/d | cleared/d | - | -
returns | - | - | - | - | - | new/R | -
returns, covered | - | - | - | - | - | covered/d | -
returns, judged benign and not grave | - | - | - | - | - | judged/d | -
ack | acked/l | acked/- | acked/l | covered/- | x | x | x
assign | new/l | acked/l | snoozed/l | covered/l | judged/l | cleared/- | x
note | same/- | same/- | same/- | same/- | same/- | same/- | same/-
snooze | snoozed/l | snoozed/l | snoozed/l | x | x | x | x
snooze ends | - | - | before/l | - | - | - | -
snooze ends, material meanwhile | - | - | before/U | - | - | - | -
verdict confirmed | acked/l | acked/l | acked/l | acked/l | acked/l | cleared/- | archived/-
verdict other | judged/l | judged/l | judged/l | judged/l | judged/l | cleared/- | archived/-
cover complete | covered/l | covered/l | covered/l | covered/- | judged/- | - | -
cover ends | - | - | - | new/U | - | - | -
cover ends, never messaged | - | - | - | new/O | - | - | -
escalation | new/M | - | - | - | - | - | -
escalation, two sent | new/d | - | - | - | - | - | -
below material | same/d | same/d | same/d | same/d | same/d | - | -
fourteen days | - | - | - | - | - | archived/- | -`;

it('is the table that was agreed, cell by cell', () => {
  const words = (event: CaseEvent, state: StateName) => {
    const cell = cellOf(event, state);
    return typeof cell === 'string' ? cell : `${cell.next}/${cell.said}`;
  };
  const rows = CASE_EVENTS.map((event) => [event, ...STATES.map((state) => words(event, state))].join(' | '));
  expect(rows).toEqual(AGREED.trim().split('\n'));
});

describe('the timer of a case that nobody acknowledged', () => {
  it.each([
    ['SEV1', [0.5, 2]],
    ['SEV2', [8, 24]],
  ] as const)('reminds of %s after %j hours and no third time', (severity, hours) => {
    const world = new World().open({ severity });
    world.heard();
    world.wait(40 * DAY);
    const reminders = world.heard().filter(({ said }) => said === 'M');
    expect(reminders.map(({ at }) => (Date.parse(at) - Date.parse(world.held.openedAt)) / HOUR)).toEqual([...hours]);
    expect(world.held).toMatchObject({ state: 'new', reminders: 2 });
  });

  it('begins anew when the severity rises, so that nobody is reminded of a page that has only just rung', () => {
    const world = new World().open({ severity: 'SEV3' }).wait(9 * HOUR);
    world.update({ severity: 'SEV1' });
    const raised = world.now;
    world.heard();
    expect(world.wait(0).said()).toBe('');
    world.wait(2 * HOUR);
    const reminders = world.heard().filter(({ said }) => said === 'M');
    expect(reminders.map(({ at }) => (Date.parse(at) - raised) / HOUR)).toEqual([0.5, 2]);
    expect(reminders[0]!.why).toBe(`not acknowledged since ${isoTime(raised)}`);
  });

  it('goes on when the severity falls', () => {
    const world = new World().open({ severity: 'SEV1' }).wait(0.6 * HOUR);
    world.update({ severity: 'SEV2' });
    world.heard();
    world.wait(3 * DAY);
    const reminders = world.heard().filter(({ said }) => said === 'M');
    expect(reminders.map(({ at }) => (Date.parse(at) - Date.parse(world.held.openedAt)) / HOUR)).toEqual([24]);
  });

  it('leaves SEV3 to the weekly report, and says nothing once somebody acknowledged', () => {
    const quiet = new World().open({ severity: 'SEV3' });
    quiet.heard();
    expect(quiet.wait(10 * DAY).said()).toBe('');
    const acked = new World().open({ severity: 'SEV1' }).decide({ action: 'ack', finding: ID });
    acked.heard();
    expect(acked.wait(10 * DAY).said()).toBe('');
  });

  it('changes nothing where a sweep saw nothing material', () => {
    for (const state of STATES) {
      const world = INTO[state]();
      world.heard();
      world.sweep();
      expect([world.said(), world.held.state]).toEqual(['', state]);
    }
  });
});
