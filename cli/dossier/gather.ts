/**
 * Reads the sources once and keeps, in order, what a finding's figures are counted from. Shares with the sweep only the
 * reader of records; what it holds of exchanges lies on disk where it is much.
 */
import { rowOf, writeRow } from '../../core/dossier/exchange-row.ts';
import { type Belonging, belongsTo, hourOfWeek } from '../../core/dossier/exchange-tally.ts';
import { KnownAccounts } from '../../core/dossier/known-accounts.ts';
import type { SourceDigest } from '../../core/dossier/manifest.ts';
import type { Member } from '../../core/findings/finding.ts';
import type { AccountRecord, ReleaseRecord, UsageRecord } from '../../core/records/schema.ts';
import { isoTime, timeMs } from '../../core/records/time.ts';
import { InputError } from '../adapters/input/input-error.ts';
import { type Input, openInputs } from '../adapters/input/open.ts';
import { readInputs } from '../adapters/input/read.ts';
import type { ReadOptions } from '../adapters/input/values.ts';
import { LineSorter } from '../adapters/line-sorter.ts';
import { digestFile } from './digest-file.ts';
import type { Ties } from './ties.ts';

export interface GatherOptions {
  inputs: string[];
  read: ReadOptions;
  belonging: Belonging;
  /** Accounts that the finding held before and let go. */
  released: readonly Member[];
  /** Whether all exchanges of the platform are counted too, for the lift. */
  population: boolean;
  /** Whether the records themselves are kept. */
  hold: boolean;
  /** Is told of every record of a member. */
  ties?: Pick<Ties, 'usage' | 'account'>;
}

export interface Gathered {
  /** Rows of members and of those let go, repeats among them. */
  rows: LineSorter;
  /** `account TAB id TAB time TAB task` of every exchange that the sweep remembered. */
  population: LineSorter | undefined;
  /** Records of members, and of the platform's accounts and releases, as they were read. */
  held: LineSorter | undefined;
  known: KnownAccounts;
  releases: { time: string; model: string }[];
  records: ReadonlyMap<string, number>;
  rejected: number;
  /** All exchanges that the sweep remembered per hour of the week, repeats among them. */
  week: number[];
  inputs: Input[];
  remove(): void;
}

export async function gather(options: GatherOptions): Promise<Gathered> {
  const gathering = new Gathering(options);
  try {
    const inputs = await openInputs(options.inputs);
    for await (const { input, records, rejections } of readInputs(inputs, options.read)) {
      gathering.rejected += rejections.length;
      for (const record of records) {
        if (record.type === 'usage') gathering.usage(record, input);
        else gathering.fact(record);
      }
    }
    return Object.assign(gathering, { inputs });
  } catch (error) {
    gathering.remove();
    throw error;
  }
}

class Gathering {
  readonly rows = new LineSorter();
  readonly population: LineSorter | undefined;
  readonly held: LineSorter | undefined;
  readonly known = new KnownAccounts();
  readonly releases: { time: string; model: string }[] = [];
  readonly records = new Map<string, number>();
  rejected = 0;
  readonly week = new Array<number>(168).fill(0);
  private readonly belongs: (account: string, time: string) => boolean;
  private readonly wasHeld: (account: string, time: string) => boolean;
  private readonly remembered: (time: string) => boolean;
  private readonly ties: GatherOptions['ties'];

  constructor({ belonging, released, population, hold, ties }: GatherOptions) {
    this.ties = ties;
    this.belongs = belongsTo(belonging);
    this.wasHeld = heldBefore(released);
    this.population = population ? new LineSorter() : undefined;
    this.held = hold ? new LineSorter() : undefined;
    const everyone = belongsTo({
      ...belonging,
      roster: [{ account: '', confidence: 'probable', since: '0000-01-01' }],
    });
    this.remembered = (time) => everyone('', time);
  }

  usage(record: UsageRecord, input: string): void {
    const time = isoTime(timeMs(record.time));
    const { account, id, prompt } = record;
    if (this.remembered(time)) {
      this.week[hourOfWeek(time)]!++;
      this.population?.add([account, id, time, prompt?.task ?? ''].map(withoutTab).join('\t'));
    }
    const belongs = this.belongs(account, time);
    if (belongs) this.ties?.usage(record);
    if (!belongs && !this.wasHeld(account, time)) return;
    this.rows.add(writeRow(rowOf(record)));
    this.held?.add(heldLine(record, account, id));
    this.records.set(input, (this.records.get(input) ?? 0) + 1);
  }

  fact(record: AccountRecord | ReleaseRecord): void {
    if (record.type === 'release') this.releases.push({ time: isoTime(timeMs(record.time)), model: record.model });
    else {
      this.known.add({ ...record, time: isoTime(timeMs(record.time)) });
      this.ties?.account(record);
    }
    this.held?.add(record.type === 'account' ? heldLine(record, record.account, '') : heldLine(record, '', ''));
  }

  remove(): void {
    for (const sorter of [this.rows, this.population, this.held]) sorter?.remove();
  }
}

/** What a member did from its first exchange on until the sweep that let it go. */
function heldBefore(released: readonly Member[]): (account: string, time: string) => boolean {
  const spans = new Map(
    released.map(({ account, since, until }) => [account, { since: since.slice(0, 10), until: until ?? '' }]),
  );
  return (account, time) => {
    const span = spans.get(account);
    return span !== undefined && time >= span.since && time < span.until;
  };
}

const withoutTab = (value: string) => value.replace(/[\t\n\r]/g, ' ');

/** Ordered by account, id and time; the record itself comes last. */
function heldLine(record: UsageRecord | AccountRecord | ReleaseRecord, account: string, id: string): string {
  return [withoutTab(account), withoutTab(id), record.time, JSON.stringify(record)].join('\t');
}

/** The hash of every file that was read, and how many records were used from it. `nameOf`: how it is called. */
export async function digestSources(
  { inputs, records }: Pick<Gathered, 'inputs' | 'records'>,
  nameOf: (path: string) => string,
): Promise<SourceDigest[]> {
  const digests: SourceDigest[] = [];
  for (const { name, argument } of inputs) {
    if (argument === '-')
      throw new InputError(
        'standard input: a dossier names its sources by their hash: give files, or save it to one first',
      );
    const { bytes, sha256 } = await digestFile(name, name);
    digests.push({ name: nameOf(name), bytes, sha256, records: records.get(name) ?? 0 });
  }
  return digests.sort((a, b) => (a.name < b.name ? -1 : 1));
}
