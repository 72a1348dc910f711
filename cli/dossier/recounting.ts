/** `dossier --recount`: the figures of a finding counted again from the records, beside what was told. */
import { FIGURES, type FigureName, type RecountRow, recountRows } from '../../core/dossier/recount.ts';
import { InputError } from '../adapters/input/input-error.ts';
import { DIFFERS, type DossierArguments } from './arguments.ts';
import { count } from './count.ts';
import { gather } from './gather.ts';
import type { SourceChoice, Subject } from './subject.ts';

export function figuresOf(name: string): FigureName[] {
  if (name === 'all') return [...FIGURES];
  const figure = FIGURES.find((known) => known === name);
  if (figure === undefined) throw new InputError(`--recount ${name}: not one of ${FIGURES.join(', ')}, all`);
  return [figure];
}

export async function recount(
  { held, last, place }: Subject,
  { inputs, read, config }: SourceChoice,
  figures: readonly FigureName[],
  { population = false, json }: DossierArguments,
): Promise<void> {
  const { finding } = last;
  const belonging = { roster: held, at: finding.at, retentionDays: config.settings.retentionDays };
  const gathered = await gather({ inputs, read, belonging, released: [], population, hold: false });
  try {
    const counted = count(gathered, { roster: held });
    const rows = recountRows(finding, counted.tally, counted.population).filter(({ figure }) =>
      figures.includes(figure),
    );
    const list = counted.tally.listDigest();
    const told = (await place.dossiers.read()).findLast(
      (line) => line.finding === finding.id && line.at === finding.at,
    );
    const listDiffers = figures.includes('exchanges') && told !== undefined && told.exchangeList !== list;
    if (json) console.log(JSON.stringify({ finding: finding.id, at: finding.at, figures: rows, exchangeList: list }));
    else printRows(rows, told === undefined ? `sha256 ${list}` : listWords(listDiffers));
    if (listDiffers || rows.some(({ result }) => result === 'differs')) process.exitCode = DIFFERS;
  } finally {
    gathered.remove();
  }
}

function listWords(differs: boolean): string {
  return differs
    ? 'but sha256 of the sorted account+id list is not as in the manifest'
    : 'sha256 of the sorted account+id list as in the manifest';
}

const WORDS = { equal: 'equal', differs: 'DIFFERS', not_stated: 'not stated by the finding' } as const;

/** In columns where they fit, else a line for each. */
function printRows(rows: readonly RecountRow[], list: string): void {
  const long = (row: RecountRow) => row.figure === 'window' || row.figure === 'capabilities';
  console.log(columns('figure', 'recorded', 'recounted', 'certain only', ''));
  for (const row of rows) {
    const words = `${WORDS[row.result]}${row.figure === 'exchanges' ? `, ${list}` : ''}`;
    if (!long(row)) console.log(columns(row.figure, row.recorded, row.recounted, row.certainOnly, words));
    else {
      const recounted = row.result === 'equal' ? 'same' : row.recounted;
      console.log(`${row.figure.padEnd(14)}${row.recorded}    ${recounted}    ${words}`);
      if (row.certainOnly !== row.recorded) console.log(`${''.padEnd(14)}certain only: ${row.certainOnly}`);
    }
  }
}

function columns(...cells: string[]): string {
  const widths = [14, 28, 28, 28];
  return cells
    .map((cell, i) => (i < widths.length ? cell.padEnd(widths[i]!) : cell))
    .join('')
    .trimEnd();
}
