/** From the rows in order to everything that is counted of a finding. */
import { type ExchangeRow, keyOf, readRow } from '../../core/dossier/exchange-row.ts';
import { type AccountCount, ExchangeTally, type RosterMember } from '../../core/dossier/exchange-tally.ts';
import type { Repeats } from '../../core/dossier/leak.ts';
import { NearIdentical } from '../../core/dossier/near-identical.ts';
import type { RecentWork } from '../../core/dossier/recent-work.ts';
import type { PopulationTasks } from '../../core/dossier/recount.ts';
import { LineSorter } from '../adapters/line-sorter.ts';
import type { Gathered } from './gather.ts';

export interface Counted {
  tally: ExchangeTally;
  releasedCounts: Map<string, AccountCount>;
  repeats: Repeats;
  population: PopulationTasks | undefined;
}

export interface CountOptions {
  roster: readonly RosterMember[];
  work?: RecentWork;
  /** Called with each exchange of the finding, in order. */
  onRow?: (row: ExchangeRow) => void;
}

export function count({ rows, population }: Pick<Gathered, 'rows' | 'population'>, options: CountOptions): Counted {
  const { roster, work, onRow } = options;
  const tally = new ExchangeTally(roster);
  const members = new Map(roster.map(({ account, confidence }) => [account, confidence]));
  const releasedCounts = new Map<string, AccountCount>();
  const alike = new RepeatCounter();
  try {
    for (const row of distinctRows(rows.sorted())) {
      const confidence = members.get(row.account);
      if (confidence === undefined) {
        countReleased(releasedCounts, row);
        continue;
      }
      tally.add(row);
      work?.add(row);
      onRow?.(row);
      if (confidence === 'certain') alike.add(row);
    }
    return { tally, releasedCounts, repeats: alike.repeats(), population: population && tasksOf(population) };
  } finally {
    alike.remove();
  }
}

/** Each account and id once: of several records the earliest. */
function* distinctRows(lines: Iterable<string>): Generator<ExchangeRow> {
  let last = '';
  for (const line of lines) {
    const row = readRow(line);
    const key = keyOf(row);
    if (key === last) continue;
    last = key;
    yield row;
  }
}

function countReleased(counts: Map<string, AccountCount>, { account, time, outputTokens }: ExchangeRow): void {
  const count = counts.get(account) ?? { exchanges: 0, outputTokens: 0, first: time, last: time };
  counts.set(account, {
    exchanges: count.exchanges + 1,
    outputTokens: count.outputTokens + outputTokens,
    first: time < count.first ? time : count.first,
    last: time > count.last ? time : count.last,
  });
}

/** Puts requests of one template beside each other, in order of time, and counts those that ask nearly the same again. */
class RepeatCounter {
  private readonly sorter = new LineSorter();
  private notCompared = 0;

  add({ account, id, time, model, outputTokens, template, sketch }: ExchangeRow): void {
    if (template === '' || sketch === '') this.notCompared++;
    else this.sorter.add(JSON.stringify([template, time, account, id, model, outputTokens, sketch]));
  }

  repeats(): Repeats {
    const byModel = new Map<string, number>();
    let exchanges = 0;
    let current = '';
    let group = new NearIdentical();
    for (const line of this.sorter.sorted()) {
      const [template, , , , model, outputTokens, sketch] = JSON.parse(line) as [
        string,
        string,
        string,
        string,
        string,
        number,
        string,
      ];
      if (template !== current) {
        current = template;
        group = new NearIdentical();
      }
      if (!group.repeats(sketch)) continue;
      exchanges++;
      byModel.set(model, (byModel.get(model) ?? 0) + outputTokens);
    }
    return { exchanges, byModel, notCompared: this.notCompared };
  }

  remove(): void {
    this.sorter.remove();
  }
}

function tasksOf(population: LineSorter): PopulationTasks {
  const tasks = new Map<string, number>();
  let exchanges = 0;
  let last = '';
  for (const line of population.sorted()) {
    const [account, id, , task = ''] = line.split('\t');
    const key = `${account}\t${id}`;
    if (key === last) continue;
    last = key;
    exchanges++;
    if (task !== '') tasks.set(task, (tasks.get(task) ?? 0) + 1);
  }
  return { exchanges, tasks };
}
