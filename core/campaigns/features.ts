/** Everything an account can share with a campaign's core. */
import type { EvidenceGroup } from '../findings/finding.ts';
import { CodeTable } from '../population/code-table.ts';
import { GrowingFloats } from '../population/columns.ts';
import type { Population } from '../population/population.ts';
import { DAY_MS } from '../records/time.ts';

export interface Feature {
  group: EvidenceGroup;
  table: CodeTable;
  /** Whether a value of it joins accounts by itself. */
  joins: boolean;
}

/** Everything an account can share with a core: linked values, time of birth, elicitation, load, main task. */
export function featuresOf(population: Population): Feature[] {
  const linked = population.links.map(({ group, table, joins }): Feature => ({ group, table, joins }));
  const bins = (group: EvidenceGroup, read: (account: number) => number[]): Feature => {
    return { group, table: tableOf(population.size, read), joins: false };
  };
  return [
    ...linked,
    bins('cohort', (i) => birthBins(population.born[i]!)),
    bins('intent', (i) => [elicitationBin(population.work.elicited[i]! / population.exchanges[i]!)]),
    bins('intent', (i) => mainTask(population, i)),
    bins('schedule', (i) => [Math.round(2 * Math.log2(population.rate(i)))]),
  ];
}

function tableOf(size: number, read: (account: number) => number[]): CodeTable {
  const keys = new GrowingFloats();
  const offsets = new Int32Array(size + 1);
  for (let i = 0; i < size; i++) {
    for (const key of read(i)) keys.push(key);
    offsets[i + 1] = keys.length;
  }
  return CodeTable.of(offsets, keys.take());
}

/** Two overlapping grids of three days, so that neighbours share a bin wherever its edges fall. */
function birthBins(born: number): number[] {
  if (Number.isNaN(born)) return [];
  const width = 3 * DAY_MS;
  return [2 * Math.floor(born / width), 2 * Math.floor(born / width + 0.5) + 1];
}

function elicitationBin(share: number): number {
  return share >= 0.5 ? 2 : share >= 0.2 ? 1 : 0;
}

/** Of equals the first. */
function mainTask({ work }: Population, account: number): number[] {
  let main: number[] = [];
  let most = 0;
  work.eachTask(account, account + 1, (task, count) => {
    if (count <= most) return;
    main = [task];
    most = count;
  });
  return main;
}

export function byGroup(features: readonly Feature[]): Map<EvidenceGroup, Feature[]> {
  const groups = new Map<EvidenceGroup, Feature[]>();
  for (const feature of features) {
    const same = groups.get(feature.group);
    if (same === undefined) groups.set(feature.group, [feature]);
    else same.push(feature);
  }
  return groups;
}
