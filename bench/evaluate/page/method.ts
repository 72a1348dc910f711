/** How it was measured. */
import { NAMESPACES } from '../seeds.ts';
import { quantile, sum } from '../statistics.ts';
import type { Trial } from '../trial/trial.ts';
import { HEADLINE } from '../trial/worlds.ts';
import type { Evaluation } from './data.ts';
import { fixed, table, whole } from './words.ts';

export function sweepSection({ results }: Evaluation): string {
  const rows = results
    .filter(({ trials }) => trials.length > 0)
    .map(({ one, trials }) => ({ one, sweeps: trials.flatMap(({ sweeps }) => sweeps) }))
    .filter(({ one, sweeps }) => sweeps.length > 0 && ['headline', 'null', 'large-null'].includes(one.section));
  if (rows.length === 0) return '';
  return `## Time of a sweep

Closing the day, folding it in and the sweep itself, in seconds of one core of the machine that made this page.

${table(
  ['world', 'accounts known, most', 'candidates, most', 'seconds, median', 'seconds, most'],
  rows.map(({ one, sweeps }) => {
    const most = (read: (sweep: Trial['sweeps'][number]) => number) => Math.max(...sweeps.map(read));
    return [
      `**${one.id}**`,
      whole(most(({ accounts }) => accounts)),
      whole(most(({ candidates }) => candidates)),
      fixed(
        quantile(
          sweeps.map(({ seconds }) => seconds),
          0.5,
        ),
        2,
      ),
      fixed(
        most(({ seconds }) => seconds),
        2,
      ),
    ];
  }),
)}`;
}

export function methodSection({ results, reported, tier, code }: Evaluation): string {
  const trials = results.flatMap((result) => result.trials);
  const namespace = reported ? NAMESPACES.report : NAMESPACES.development;
  const hours = sum(trials.map(({ seconds }) => seconds)) / 3600;
  return `## Method

- ${whole(trials.length)} trials, ${whole(sum(trials.map(({ records }) => records)) / 1e6)} million records, ${fixed(hours, 1)} core-hours; plan \`${tier}\`, code \`${code}\`. A trial simulates
  a world, replays its records through the pipeline of the command line with a sweep a day, and compares findings with
  what the simulator knows.
- Unless said otherwise a world has 3,000 benign accounts, about half of them active, and 14 days; campaigns of 150
  accounts (A2 and A3: 60) begin on the fifth day. A5 and A6 have 21 days.
- The headline world has ${whole(HEADLINE.benign)} benign and ${whole(HEADLINE.accounts)} hostile accounts; the campaign lasts ${HEADLINE.days} days. Its trials stop after
  ${HEADLINE.stopDay - HEADLINE.start} of them to save time; the leak is counted against all ${HEADLINE.days} days at the same load. A1-whole reads them all.
- Seeds are named \`${namespace}-WORLD-N\`. ${reported ? 'No detector, threshold or setting was chosen by looking at them.' : 'These are development seeds: the numbers are no report.'} Thresholds of the
  simple rules come from seeds of their own (\`${NAMESPACES.calibration}-quiet-N\`).
- The simulator shares no constant with the detectors, and takes only the types of a record from them.
- Intervals of shares are Wilson's at 95 %.`;
}
