import { describe, expect, it } from 'vitest';
import { envelope } from '../../../core/messages/envelope.ts';
import { deliver, enrol } from '../../../core/outbox/deliver.ts';
import { type Hours, opensAt } from '../../../core/outbox/hours.ts';
import { besideOf, type Channel } from '../../../core/outbox/outbox.ts';
import { parseSettings } from '../../../core/settings.ts';
import { CONSUMER_UPDATED, SETTINGS, UPDATED } from '../messages/sample.ts';
import { MINUTE, world } from './memory-outbox.ts';

const OFFICE: Hours = {
  days: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri'],
  from: '08:30',
  to: '18:00',
  timeZone: 'Europe/Berlin',
};
const opens = (time: string, hours = OFFICE) => new Date(opensAt(hours, Date.parse(time))).toISOString();

describe('the next working hour', () => {
  it.each([
    ['a Monday morning', '2026-06-22T07:15:30.000Z', '2026-06-22T07:15:30.000Z'],
    ['the first minute', '2026-06-22T06:30:00.000Z', '2026-06-22T06:30:00.000Z'],
    ['the minute before it', '2026-06-22T06:29:59.000Z', '2026-06-22T06:30:00.000Z'],
    ['the minute after the last', '2026-06-22T16:00:00.000Z', '2026-06-23T06:30:00.000Z'],
    ['a Friday night', '2026-06-26T20:00:00.000Z', '2026-06-29T06:30:00.000Z'],
    ['a Saturday', '2026-06-27T12:00:00.000Z', '2026-06-29T06:30:00.000Z'],
    ['the night in which clocks go forward', '2026-03-28T23:30:00.000Z', '2026-03-30T06:30:00.000Z'],
    ['the night in which clocks go back', '2026-10-24T22:30:00.000Z', '2026-10-26T07:30:00.000Z'],
  ])('of %s', (_, now, opening) => {
    expect(opens(now)).toBe(opening);
  });

  it('is of the zone that is named, west of UTC too', () => {
    expect(opens('2026-06-23T00:30:00.000Z', { ...OFFICE, timeZone: 'America/Los_Angeles' })).toBe(
      '2026-06-23T00:30:00.000Z',
    );
  });

  it.each([
    [{ from: '8:30', to: '18:00' }, /alerts\.hours\.from: must be a time of day, as 08:30/],
    [{ from: '18:00', to: '08:30' }, /alerts\.hours\.to: must be later than from/],
    [{ from: '08:30', to: '18:00', timeZone: 'Berlin' }, /alerts\.hours\.timeZone: must be the IANA name/],
    [{ from: '08:30', to: '18:00', days: [] }, /alerts\.hours\.days/],
  ])('of %j is refused by name', (hours, message) => {
    expect(() => parseSettings({ alerts: { hours: hours as never } })).toThrow(message);
  });
});

/** A Saturday; the office opens on Monday at 06:30 UTC. */
function weekend(connected?: readonly Channel[]) {
  const made = world(connected);
  made.state.now = Date.parse('2026-06-27T12:00:00.000Z');
  return { ...made, delivery: { ...made.delivery, hours: OFFICE } };
}
const monday = Date.parse('2026-06-29T06:30:00.000Z');
const sev = (severity: 'SEV1' | 'SEV2' | 'SEV3', more: object = {}) =>
  envelope({ ...UPDATED, finding: { ...UPDATED.finding, severity }, ...more }, SETTINGS);
const heard = ({ taken }: ReturnType<typeof weekend>) =>
  Object.fromEntries(
    [...taken].flatMap(([channel, all]) => (all.length > 0 ? [[channel, all.map(({ message }) => message)]] : [])),
  );

describe('at the weekend', () => {
  it('SEV1 rings', async () => {
    const made = weekend();
    await enrol(sev('SEV1'), made.delivery);
    await deliver(made.delivery);
    expect(Object.keys(heard(made))).toEqual(['sns', 'chat', 'pagerduty', 'webhook', 'mail']);
  });

  it('SEV2 reaches chat and machines, and rings on Monday: even where the pager fails then for an hour', async () => {
    const made = weekend();
    await enrol(sev('SEV2'), made.delivery);
    await deliver(made.delivery);
    expect(Object.keys(heard(made))).toEqual(['sns', 'chat', 'webhook']);
    made.state.now = monday - MINUTE;
    expect(await deliver(made.delivery)).toMatchObject({ sent: 0, undelivered: 0 });
    made.state.broken.add('pagerduty');
    for (made.state.now = monday; made.state.now < monday + 60 * MINUTE; made.state.now += MINUTE)
      await deliver(made.delivery);
    expect(heard(made)).toMatchObject({ mail: ['updated'] });
    made.state.broken.clear();
    made.state.now += 60 * MINUTE;
    await deliver(made.delivery);
    expect(heard(made)).toMatchObject({ pagerduty: ['updated'] });
  });

  it('SEV3 reaches machines, and people on Monday', async () => {
    const made = weekend();
    await enrol(envelope(CONSUMER_UPDATED, SETTINGS), made.delivery);
    await deliver(made.delivery);
    expect(Object.keys(heard(made))).toEqual(['sns', 'webhook']);
    made.state.now = monday;
    await deliver(made.delivery);
    expect(Object.keys(heard(made))).toEqual(['sns', 'chat', 'webhook']);
  });

  it.each(['acked', 'judged', 'covered', 'cleared'] as const)(
    'what is %s meanwhile does not ring on Monday',
    async (message) => {
      const made = weekend();
      await enrol(sev('SEV2'), made.delivery);
      made.state.now += 60 * MINUTE;
      await enrol(sev('SEV2', { message, at: '2026-06-27T13:00:00.000Z' }), made.delivery);
      await deliver(made.delivery);
      expect(heard(made)).toMatchObject({ pagerduty: [message] });
      made.state.now = monday;
      await deliver(made.delivery);
      expect(heard(made)).toMatchObject({ pagerduty: [message] });
      const [row] = [...made.store.rows.values()].filter(({ state }) => state === 'overtaken');
      expect(row).toMatchObject({ channel: 'pagerduty', attempts: 0 });
    },
  );

  it('what becomes SEV1 rings at once, and not a second time on Monday for what it was before', async () => {
    const made = weekend();
    await enrol(sev('SEV2'), made.delivery);
    await enrol(sev('SEV1', { at: '2026-06-27T13:00:00.000Z' }), made.delivery);
    await deliver(made.delivery);
    made.state.now = monday;
    await deliver(made.delivery);
    expect(heard(made)).toMatchObject({ pagerduty: ['updated'], mail: ['updated'] });
  });

  it('another finding is overtaken by none of that', async () => {
    const made = weekend();
    const other = { ...UPDATED, finding: { ...UPDATED.finding, id: 'cmp-other', severity: 'SEV2' as const } };
    await enrol(envelope(other, SETTINGS), made.delivery);
    await enrol(sev('SEV1'), made.delivery);
    made.state.now = monday;
    await deliver(made.delivery);
    expect(made.taken.get('pagerduty')!.map(({ finding }) => finding!.id)).toEqual(['cmp-other', UPDATED.finding.id]);
  });
});

describe('a reminder that nobody took the finding on', () => {
  const reminder = (to: string) => sev('SEV2', { message: 'reminder', escalation: { to, minutes: 480 } });
  const roles = { abuseLead: 'abuse@example.com', securityLeader: 'lead@example.com' };

  it.each([
    ['abuse lead', ['abuse@example.com']],
    ['security leader', ['lead@example.com']],
    ['second on-call', []],
  ])('is mailed to the %s too, where there is an address', (to, addresses) => {
    expect(besideOf(reminder(to), roles)).toEqual({ addresses, alone: false });
  });

  it('is all that goes to them', () => {
    expect(besideOf(sev('SEV2'), roles).addresses).toEqual([]);
  });
});
