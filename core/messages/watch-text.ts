/** Watch alarms in words: what is not seen, how that is known, what it costs, what to do. */
import type { WatchAlarm, WatchCause } from '../watch/watch.ts';
import { type Block, clause } from './content.ts';
import { minute } from './dates.ts';
import { coveragePercent, decimal, shortPercent } from './numbers.ts';
import type { WatchEnvelope } from './watch-envelope.ts';

interface Words {
  /** Title behind `[WATCH] `, while the alarm is on. */
  on(alarm: Measured): string;
  over: string;
  what: string;
  /** What it costs not to look at it. */
  means: string;
  actions: string[];
}

type Measured = Pick<WatchAlarm, 'value' | 'since'>;

const clock = (iso: string) => `${iso.slice(11, 16)}Z`;

const WORDS: Record<WatchCause, Words> = {
  no_records: {
    on: ({ since }) => `No usage records since ${clock(since)}: the watch is blind`,
    over: 'Usage records come in again',
    what: 'No usage record has come in',
    means: 'Nothing is detected, and no finding clears, until records come in again',
    actions: [],
  },
  sweep_missed: {
    on: ({ since }) => `The sweep due ${minute(since)} did not run: nobody looked`,
    over: 'Sweeps run again',
    what: 'A sweep that was due did not finish',
    means: 'Records are kept and counted, but no campaign is looked for',
    actions: ['stillwatch list'],
  },
  coverage: {
    on: ({ value }) => `Coverage of 24 h is ${coveragePercent(value)}: records are missing`,
    over: 'Coverage of 24 h is whole again',
    what: 'Records were missing in 5-minute slots that are usually busy',
    means: 'Findings of that time may be too small, and none clears',
    actions: [],
  },
  recount_drift: {
    on: ({ value }) => `Recount drift ${decimal(value)}: aggregates and archive disagree`,
    over: 'Recount drift is 0 again',
    what: 'Accounts recounted from the archive differ from their aggregates',
    means: 'Figures told since the last clean recount may be wrong',
    actions: [],
  },
  quarantine: {
    on: ({ value }) => `${shortPercent(value)} of records quarantined: they are not counted`,
    over: 'Quarantine is within its limit again',
    what: 'Records break the contract and are not counted',
    means: 'What the refused records show is not seen',
    actions: [],
  },
  delivery_failed: {
    on: ({ value }) => `${decimal(value)} message${value === 1 ? '' : 's'} not delivered: somebody was not told`,
    over: 'No message is undelivered',
    what: 'A channel refused a message for 24 h, or a SEV1 for 15 minutes',
    means: 'Whoever reads that channel does not know of the finding',
    actions: [],
  },
  records_expiring: {
    on: ({ value }) => `Records of an open case expire in ${decimal(value)} d: hold them`,
    over: 'No record of an open case is about to expire',
    what: 'Source records of an open case reach the end of their retention',
    means: 'Its figures can no longer be recounted from the records once they are gone',
    actions: ['stillwatch list'],
  },
  page_quota: {
    on: ({ value }) => `${decimal(value)} more SEV2 message${value === 1 ? '' : 's'} today: they page nobody`,
    over: 'The quota of pages is not reached',
    what: 'The day had its pages; further SEV2 go to every channel that does not ring',
    means: 'Whoever reads the pager only does not know of those findings',
    actions: ['stillwatch list --unacked'],
  },
};

export function watchTitle({ cause, state, ...measured }: WatchAlarm): string {
  return state === 'opened' ? `[WATCH] ${WORDS[cause].on(measured)}` : `[WATCH] CLEARED ${WORDS[cause].over}`;
}

export function watchActions(cause: WatchCause): string[] {
  return WORDS[cause].actions;
}

export function watchBlocks({ watch, at }: WatchEnvelope): Block[] {
  const { what, over, means } = WORDS[watch.cause];
  const { value, limit, unit } = watch;
  const side = unit.startsWith('share') ? shortPercent : decimal;
  const noun = unit.replace(/^share of /, 'of ');
  const open = watch.state === 'opened';
  return [
    { label: 'WHAT', clauses: [clause(open ? what : `Cleared: ${over}`)] },
    {
      label: 'SURE',
      clauses: [
        clause(`${side(value)} ${noun} (limit ${side(limit)})`),
        clause(`${open ? 'Since' : 'It lasted from'} ${minute(watch.since)}${open ? '' : ` to ${minute(at)}`}`),
      ],
    },
    { label: 'BAD', clauses: [clause(open ? means : `Until then: ${means[0]!.toLowerCase()}${means.slice(1)}`)] },
  ];
}
