/** Reads which values link the certain members of a finding, and who else holds them. What is much lies on disk. */
import { tieLine, tiesOf } from '../../core/dossier/bonds.ts';
import { belongsTo } from '../../core/dossier/exchange-tally.ts';
import { type LinkingValue, linkingValues } from '../../core/exports/shared-values.ts';
import type { StillwatchRecord } from '../../core/records/schema.ts';
import { isoTime, timeMs } from '../../core/records/time.ts';
import { openInputs } from '../adapters/input/open.ts';
import { readInputs } from '../adapters/input/read.ts';
import { LineSorter } from '../adapters/line-sorter.ts';
import type { SourceChoice, Subject } from './subject.ts';

/** Lines remembered so as not to be written twice: most exchanges repeat what their account did before. */
const REMEMBERED = 500_000;

/** In the order of kind and value. `since`: records before it are named by another key. */
export async function readLinkingValues(
  { held, last }: Subject,
  { inputs, read, config }: SourceChoice,
  since: string | undefined,
): Promise<LinkingValue[]> {
  const having = (confidence: string) =>
    new Set(held.filter((member) => member.confidence === confidence).map(({ account }) => account));
  const counts = countedRecords(last.finding.at, config.settings.retentionDays, held, since);
  const lines = new LineSorter();
  const written = new Set<string>();
  try {
    for await (const { records } of readInputs(await openInputs(inputs), read)) {
      for (const record of records) {
        if (record.type === 'release' || !counts(record)) continue;
        for (const tie of tiesOf(record)) {
          const line = tieLine(tie, record.account);
          if (written.has(line)) continue;
          if (written.size === REMEMBERED) written.clear();
          written.add(line);
          lines.add(line);
        }
      }
    }
    return [...linkingValues(lines.sorted(), having('certain'), having('probable'))];
  } finally {
    lines.remove();
  }
}

/** Of a member what belongs to the finding, of anybody else what the sweep that told it remembered. */
function countedRecords(
  at: string,
  retentionDays: number,
  held: Subject['held'],
  since: string | undefined,
): (record: Exclude<StillwatchRecord, { type: 'release' }>) => boolean {
  const members = new Set(held.map(({ account }) => account));
  const anybody = { account: '', confidence: 'probable', since: '0000-01-01' } as const;
  const belongs = belongsTo({ roster: [...held, anybody], at, retentionDays });
  const [from, until] = [since === undefined ? '' : isoTime(timeMs(since)), isoTime(Date.parse(at))];
  return (record) => {
    const time = isoTime(timeMs(record.time));
    if (time < from) return false;
    if (record.type === 'account') return time < until;
    return belongs(members.has(record.account) ? record.account : '', time);
  };
}
