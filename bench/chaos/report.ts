/** What a chaos run prints. */
import { holds, type Outcome } from './run.ts';

export function report(outcome: Outcome): string {
  const { sent, delivered, drift, quarantine } = outcome;
  const number = (value: number) => value.toLocaleString('en');
  const lines = [
    `sent         ${number(sent.exchanges)} exchanges, ${number(sent.repeats)} repeats by id, ${number(sent.garbage)} garbage`,
    `delivered    ${number(delivered.calls)} calls: ${number(delivered.crashes)} crashed, ${number(delivered.throttledCalls)} with a throttled table, ${number(delivered.partly)} failed in part`,
    `quarantined  ${number(quarantine.right)} of ${number(sent.garbage)} with the right reason; ${quarantine.missing} missing, ${quarantine.strange} that are no garbage, ${quarantine.wrongReason.length} with another reason`,
    ...quarantine.wrongReason.slice(0, 5).map((line) => `             ${line}`),
    `stored       ${number(drift.accountDays)} account-days; ${drift.missing} missing, ${drift.strange} never sent, ${drift.unequal} whose bytes differ`,
    '',
    `${'counter'.padEnd(28)}${'sent'.padStart(18)}${'stored'.padStart(18)}${'drift'.padStart(8)}`,
    ...drift.counters.map(
      ({ name, sent: due, stored, drift: off }) =>
        name.padEnd(28) + number(due).padStart(18) + number(stored).padStart(18) + number(off).padStart(8),
    ),
    '',
    holds(outcome) ? 'holds: drift 0 in every counter of every account-day' : 'DOES NOT HOLD',
  ];
  return lines.join('\n');
}
