import { DAY, HOUR } from '../clock.ts';
import { StateStore } from '../keepsakes.ts';
import { Random, share } from '../random.ts';
import { type Lookalike, option } from './lookalike.ts';
import { fleet } from './one-company.ts';

/**
 * One organisation that replaces all of its keys every few days. What the old keys were given the new ones present:
 * the same custody links, births together and equal load as a pool that is replaced after a ban.
 */
export const keyRotation: Lookalike = {
  id: 'B13',
  title: 'Organisation that rotates its keys',
  size: 12,
  options: { exchanges: 150, everyDays: 4, generations: 4, state: 0.3 },
  open(occasion) {
    const { people, platform, size, start } = occasion;
    const every = option(occasion, 'everyDays') * DAY;
    const generations = option(occasion, 'generations');
    const staff = fleet(occasion, {
      persona: 'service',
      curve: 'service',
      rate: option(occasion, 'exchanges'),
      tasks: { agentic_reasoning: 50, analysis: 30, tool_use: 20 },
      templates: 6,
      free: 0.1,
      flags: [['format_forced', 0.3]],
      fixedContract: false,
      verified: true,
    });
    /** The first generation is older than the rotation. */
    const opened = (i: number) => start + Math.floor(i / size) * every - (i < size ? 60 * DAY : 0);
    const closed = (i: number) => start + (Math.floor(i / size) + 1) * every + 2 * HOUR;
    const last = (i: number) => Math.floor(i / size) === generations - 1;
    return {
      ...staff,
      size: size * generations,
      keepsakes: new StateStore(new Random(people.seed, 3), option(occasion, 'state')),
      habits: (i) => ({ ...staff.habits(i % size), bornAt: opened(i) + share(people.seed[1], i) * HOUR }),
      person(i, habits) {
        const seat = staff.person(i % size, habits);
        return { ...seat, account: { ...seat.account, account: people.id(i) } };
      },
      closedAt: (i) => (last(i) ? platform.end : closed(i)),
      active: (i, habits, day) =>
        day + DAY > habits.bornAt && (last(i) || day < closed(i) - 2 * HOUR) && share(habits.word, day / DAY, 2) < 0.95,
    };
  },
};
