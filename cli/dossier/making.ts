/** Makes the folder of a dossier: counted, in its edition, chained, signed, its records held where that is asked for. */
import { rmSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { caseView } from '../../core/cases/case-state.ts';
import { type Edition, isRecounted } from '../../core/dossier/dossier.ts';
import { externalEdition, mappingText, type Pseudonyms, pseudonyms } from '../../core/dossier/edition.ts';
import { ocsf } from '../../core/exports/ocsf.ts';
import { stix } from '../../core/exports/stix.ts';
import { InputError } from '../adapters/input/input-error.ts';
import type { LineSorter } from '../adapters/line-sorter.ts';
import { DIFFERS, type DossierArguments } from './arguments.ts';
import type { Custody, Signer } from './custody.ts';
import { ExchangeFiles, NumberedExchanges } from './exchange-files.ts';
import { digestSources } from './gather.ts';
import { writeHeld } from './hold.ts';
import { type Investigation, investigate } from './investigate.ts';
import { signManifest } from './signature.ts';
import type { SourceChoice, Subject } from './subject.ts';
import { DossierFolder } from './write.ts';

export async function make(
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
