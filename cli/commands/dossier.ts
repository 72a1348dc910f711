/** `dossier`: a finding with its proof as a folder, its figures counted again, and a folder checked. */
import { rmSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { caseView } from '../../core/cases/case-state.ts';
import { type Edition, isRecounted } from '../../core/dossier/dossier.ts';
import { externalEdition, mappingText, type Pseudonyms, pseudonyms } from '../../core/dossier/edition.ts';
import { FIGURES, type FigureName, type RecountRow, recountRows } from '../../core/dossier/recount.ts';
import { ocsf } from '../../core/exports/ocsf.ts';
import { stix } from '../../core/exports/stix.ts';
import { InputError } from '../adapters/input/input-error.ts';
import type { LineSorter } from '../adapters/line-sorter.ts';
import { count } from '../dossier/count.ts';
import { type Custody, openCustody, type Signer } from '../dossier/custody.ts';
import { ExchangeFiles, NumberedExchanges } from '../dossier/exchange-files.ts';
import { digestSources, gather } from '../dossier/gather.ts';
import { writeHeld } from '../dossier/hold.ts';
import { type Investigation, investigate } from '../dossier/investigate.ts';
import { signManifest } from '../dossier/signature.ts';
import { type SourceChoice, type Subject, sourcesFor, subjectOf } from '../dossier/subject.ts';
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
  const custody = await openCustody(args.at);
  const figures = args.recount === undefined ? undefined : figuresOf(args.recount);
  if (figures === undefined && args.hold) await custody.canHold();
  const sources = await sourcesFor(subject, custody, inputs, args);
  try {
    if (figures !== undefined) await recount(subject, sources, figures, args);
    else await make(subject, sources, custody, { ...args, at: args.at });
  } finally {
    sources.remove();
  }
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

async function make(
  subject: Subject,
  sources: SourceChoice,
  custody: Custody,
  args: DossierArguments & { at: string },
): Promise<void> {
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
    const done = await lay(folder, out, edition, { subject, found, sources, custody, args });
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
  sources: SourceChoice;
  custody: Custody;
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
  { subject, found, sources: chosen, custody, args }: Laying,
): Promise<Done> {
  const { gathered } = found;
  const internal = found.dossier;
  const names = pseudonyms(internal.members);
  const dossier = edition === 'external' ? externalEdition(internal, names) : internal;
  const digests = await digestSources(gathered, chosen.nameOf);
  const sources =
    edition === 'external'
      ? digests.map((source, i) => ({ ...source, name: `source-${String(i + 1).padStart(4, '0')}` }))
      : digests;
  const { finding } = subject.last;
  const held = gathered.held && (await holdAside(gathered.held, folder.staging, subject, custody));
  const mapping = edition === 'external' ? mappingPath(out) : undefined;
  const made = await folder.finish({
    dossier,
    exports: {
      'ocsf.json': ocsf(subject.last, {
        deployment: dossier.deployment,
        version: dossier.build.version,
        case: caseView(subject.decided),
      }),
      'stix.json': stix(subject.transitions, dossier.deployment),
    },
    sources,
    hold: held?.digest ?? null,
    chain: subject.place.dossiers,
    noted: { ...(held ? { held: held.at } : {}), ...(mapping === undefined ? {} : { mapping: resolve(mapping) }) },
    countedFrom: edition === 'internal' ? countedFrom(args, chosen) : undefined,
    made: new Date().toISOString(),
    signer: signerOf(args, custody),
    browser: args.pdf ? (process.env.STILLWATCH_BROWSER ?? 'chromium') : undefined,
  });
  if (mapping !== undefined) writeMapping(mapping, names, finding.id, made.root);
  return { root: made.root, dossier, held: held?.at, mapping };
}

/** The place and the inputs as they were named, so that the line can be typed again where this one was. */
function countedFrom({ at, config, format, population }: DossierArguments, { named }: SourceChoice): string {
  const options = [
    ['--at', at],
    ['--config', config],
    ['--format', format],
  ].flatMap(([option, value]) => (value === undefined ? [] : [option, quoted(value)]));
  return [...options, ...(population ? ['--population'] : []), ...named.map(quoted)].join(' ');
}

/** For a POSIX shell. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** A key file that is named goes before the key of the place. */
function signerOf({ sign }: DossierArguments, { signer }: Custody): Signer | undefined {
  return sign === undefined ? signer : async (text) => signManifest(text, sign);
}

/** Written beside the dossier's own files first, and out of the folder again. */
async function holdAside(records: LineSorter, staging: string, { last: { finding } }: Subject, custody: Custody) {
  const name = `${finding.id}-${finding.at.replace(/[:.]/g, '-')}.ndjson.gz`;
  const path = join(staging, name);
  const digest = await writeHeld(records, path, name);
  const at = await custody.hold(path, name);
  rmSync(path);
  return { digest, at };
}

/** Beside the folder and not in it: whoever sends the folder does not send this. */
const mappingPath = (out: string) => `${out.replace(/\/+$/, '')}.mapping.json`;

function writeMapping(path: string, names: Pseudonyms, finding: string, root: string): void {
  rmSync(path, { force: true });
  writeFileSync(path, mappingText(names, finding, root), { mode: 0o600 });
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
