/** `dossier`: a finding with its proof as a folder, its figures counted again, and a folder checked. */
import { rmSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { type Edition, isRecounted } from '../../core/dossier/dossier.ts';
import { externalEdition, mappingText, type Pseudonyms, pseudonyms } from '../../core/dossier/edition.ts';
import { FIGURES, type FigureName, type RecountRow, recountRows } from '../../core/dossier/recount.ts';
import { ocsf } from '../../core/exports/ocsf.ts';
import { stix } from '../../core/exports/stix.ts';
import { InputError } from '../adapters/input/input-error.ts';
import { count } from '../dossier/count.ts';
import { logDossier, readDossierLog } from '../dossier/dossier-log.ts';
import { ExchangeFiles, NumberedExchanges } from '../dossier/exchange-files.ts';
import { digestSources, gather } from '../dossier/gather.ts';
import { holdRecords } from '../dossier/hold.ts';
import { type Investigation, investigate } from '../dossier/investigate.ts';
import { caseView, type SourceChoice, type Subject, sourcesFor, subjectOf } from '../dossier/subject.ts';
import { verifyFolder } from '../dossier/verify.ts';
import { DossierFolder } from '../dossier/write.ts';

/** A check did not hold. */
const DIFFERS = 3;

export interface DossierArguments {
  at?: string;
  out?: string;
  edition?: string;
  exchanges?: boolean;
  hold?: boolean;
  pdf?: boolean;
  population?: boolean;
  recount?: string;
  verify?: string;
  sign?: string;
  signer?: string;
  config?: string;
  format?: string;
  json?: boolean;
}

export async function dossierCommand(id: string | undefined, inputs: string[], args: DossierArguments): Promise<void> {
  if (args.verify !== undefined) return verify(args.verify, id, args);
  if (id === undefined) throw new InputError('dossier: name a finding, or a folder with --verify');
  if (args.at === undefined)
    throw new InputError('dossier: --at must name the folder that replay wrote, or stack:NAME');
  const subject = await subjectOf(id, args.at);
  const sources = sourcesFor(args.at, inputs, args);
  if (args.recount !== undefined) return recount(subject, sources, figuresOf(args.recount), args);
  return make(subject, sources, { ...args, at: args.at });
}

async function verify(folder: string, id: string | undefined, { signer, json }: DossierArguments): Promise<void> {
  if (id !== undefined) throw new InputError(`--verify ${folder}: takes a folder alone, not ${id} beside it`);
  const { manifest, signed, faults } = await verifyFolder(folder, signer);
  if (json) console.log(JSON.stringify({ folder, root: manifest?.root ?? null, signed, faults }));
  else if (faults.length > 0) for (const fault of faults) console.log(fault);
  else
    console.log(
      `${manifest!.finding}, ${manifest!.edition}: ${manifest!.files.length + manifest!.pages.length} files as they were made, ${signed ? 'signed' : 'not signed'}\nroot ${manifest!.root}`,
    );
  if (faults.length > 0) process.exitCode = DIFFERS;
}

function figuresOf(name: string): FigureName[] {
  if (name === 'all') return [...FIGURES];
  const figure = FIGURES.find((known) => known === name);
  if (figure === undefined) throw new InputError(`--recount ${name}: not one of ${FIGURES.join(', ')}, all`);
  return [figure];
}

async function recount(
  { held, last, entries: _ }: Subject,
  { inputs, read, config }: SourceChoice,
  figures: readonly FigureName[],
  { population = false, json, at }: DossierArguments,
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
    const told = readDossierLog(at!).findLast((line) => line.finding === finding.id && line.at === finding.at);
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

async function make(subject: Subject, sources: SourceChoice, args: DossierArguments & { at: string }): Promise<void> {
  const edition = editionOf(args.edition);
  const { finding } = subject.last;
  const out = args.out ?? `dossier-${finding.id}${edition === 'external' ? '-external' : ''}`;
  const folder = new DossierFolder(out);
  const files = args.exchanges ? new ExchangeFiles(folder.staging) : undefined;
  const numbered =
    files && edition === 'external'
      ? new NumberedExchanges(pseudonyms([...subject.held, ...subject.released]).accounts)
      : undefined;
  let found: Investigation | undefined;
  try {
    const onRow = numbered ?? files;
    found = await investigate(subject, sources, {
      population: args.population ?? false,
      hold: args.hold ?? false,
      ...(onRow ? { onRow: (row) => onRow.add(row) } : {}),
    });
    if (files) numbered?.writeTo(files);
    files?.close();
    const done = await lay(folder, out, edition, { subject, found, args });
    say(done, out, args);
  } finally {
    found?.gathered.remove();
    numbered?.remove();
    folder.discard();
  }
}

function editionOf(name = 'internal'): Edition {
  if (name === 'internal' || name === 'external') return name;
  throw new InputError(`--edition ${name}: not one of internal, external`);
}

interface Laying {
  subject: Subject;
  found: Investigation;
  args: DossierArguments & { at: string };
}

interface Done {
  root: string;
  dossier: Investigation['dossier'];
  held: string | undefined;
  mapping: string | undefined;
}

async function lay(
  folder: DossierFolder,
  out: string,
  edition: Edition,
  { subject, found, args }: Laying,
): Promise<Done> {
  const { gathered } = found;
  const internal = found.dossier;
  const names = pseudonyms(internal.members);
  const dossier = edition === 'external' ? externalEdition(internal, names) : internal;
  const digests = await digestSources(gathered);
  const sources =
    edition === 'external'
      ? digests.map((source, i) => ({ ...source, name: `source-${String(i + 1).padStart(4, '0')}` }))
      : digests;
  const { finding } = subject.last;
  const heldName = `${finding.id}-${finding.at.replace(/[:.]/g, '-')}.ndjson.gz`;
  const heldFolder = args.at.startsWith('stack:') ? `${out}-held` : join(args.at, 'held');
  const hold = gathered.held ? await holdRecords(gathered.held, heldFolder, heldName) : null;
  const log = readDossierLog(args.at);
  const made = new Date().toISOString();
  const { manifest, isNew, body } = await folder.finish({
    dossier,
    exports: {
      'ocsf.json': ocsf(subject.last, {
        deployment: dossier.deployment,
        version: dossier.build.version,
        case: caseView(subject),
      }),
      'stix.json': stix(subject.transitions, dossier.deployment),
    },
    sources,
    hold,
    log,
    made,
    signKey: args.sign,
    browser: args.pdf ? (process.env.STILLWATCH_BROWSER ?? 'chromium') : undefined,
  });
  const { root, prev, exchangeList } = manifest;
  const mapping = edition === 'external' ? writeMapping(out, names, finding.id, root) : undefined;
  if (isNew)
    logDossier(args.at, {
      finding: finding.id,
      edition,
      at: finding.at,
      body,
      root,
      prev,
      exchangeList,
      made,
      ...(mapping === undefined ? {} : { mapping: resolve(mapping) }),
    });
  return { root, dossier, held: hold ? join(heldFolder, heldName) : undefined, mapping };
}

/** Beside the folder and not in it: whoever sends the folder does not send this. */
function writeMapping(out: string, names: Pseudonyms, finding: string, root: string): string {
  const path = `${out.replace(/\/+$/, '')}.mapping.json`;
  rmSync(path, { force: true });
  writeFileSync(path, mappingText(names, finding, root), { mode: 0o600 });
  return path;
}

function say({ root, dossier, held, mapping }: Done, out: string, { json }: DossierArguments): void {
  const equal = isRecounted(dossier);
  if (json)
    console.log(JSON.stringify({ out, root, figures: dossier.figures, held: held ?? null, mapping: mapping ?? null }));
  else {
    const differing = dossier.figures.filter(({ result }) => result === 'differs').map(({ figure }) => figure);
    const lines = [
      `${join(out, 'index.html')}, root ${root}`,
      equal
        ? 'every figure counted again as it was recorded'
        : `DIFFERS from these records: ${differing.join(', ')}; the page says both`,
      ...(held ? [`records held: ${held}`] : []),
      ...(mapping ? [`who is who: ${mapping}: do not send ${basename(mapping)}`] : []),
    ];
    for (const line of lines) console.log(line);
  }
  if (!equal) process.exitCode = DIFFERS;
}
