/** `ack`, `assign`, `note`, `snooze`, `verdict`: what people decide about one finding. */
import { VERDICTS, type Verdict } from '../../core/cases/entry.ts';
import { stateWords } from '../../core/cases/rules.ts';
import { InputError } from '../adapters/input/input-error.ts';
import { type Deciding, decide, endOption } from './decide.ts';

/** Again by anybody: nothing changes, and nothing is written. */
export async function ackCommand(finding: string, args: Deciding): Promise<void> {
  await decide(args, ({ at, by, cases }) => {
    const held = cases.states.get(finding);
    if (held?.state !== 'acked') return { action: 'ack', finding, at, by };
    console.log(args.json ? JSON.stringify({ state: held.state }) : `${finding} is ${stateWords(held)}`);
    return undefined;
  });
}

export async function assignCommand(finding: string, to: string, args: Deciding): Promise<void> {
  await decide(args, ({ at, by }) => ({ action: 'assign', finding, to, at, by }));
}

export async function noteCommand(finding: string, text: string, args: Deciding): Promise<void> {
  await decide(args, ({ at, by }) => ({ action: 'note', finding, text, at, by }));
}

interface Snooze extends Deciding {
  for?: string;
  reason?: string;
  owner?: string;
  end?: boolean;
}

export async function snoozeCommand(finding: string, args: Snooze): Promise<void> {
  const { for: length, reason, owner } = args;
  if (args.end) {
    if (length ?? reason ?? owner) throw new InputError('--end: takes neither --for, --reason nor --owner');
    await decide(args, ({ at, by }) => ({ action: 'snooze-end', finding, at, by }));
    return;
  }
  if (length === undefined) throw new InputError('--for: say how long, as 4h, or --end');
  if (reason === undefined) throw new InputError('--reason: say why');
  await decide(args, ({ at, by, now }) => {
    const until = endOption('--for', length, now);
    return { action: 'snooze', finding, until, reason, owner: owner ?? by, at, by };
  });
}

export async function verdictCommand(
  finding: string,
  verdict: string,
  args: Deciding & { reason: string; of?: string },
): Promise<void> {
  if (!VERDICTS.includes(verdict as Verdict))
    throw new InputError(`${verdict}: no such verdict; choose one of ${VERDICTS.join(', ')}`);
  const { reason, of } = args;
  await decide(args, ({ at, by }) => ({
    action: 'verdict',
    finding,
    verdict: verdict as Verdict,
    reason,
    ...(of === undefined ? {} : { of }),
    at,
    by,
  }));
}
