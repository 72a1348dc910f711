/** `export`: one finding in the words of another tool, and the list of accounts that a gateway could throttle. */
import { writeFileSync } from 'node:fs';
import { caseView } from '../../core/cases/case-state.ts';
import { csv } from '../../core/dossier/csv.ts';
import type { ThrottlePlan } from '../../core/dossier/throttle.ts';
import { ocsf } from '../../core/exports/ocsf.ts';
import type { SharedValues } from '../../core/exports/shared-values.ts';
import { stix } from '../../core/exports/stix.ts';
import { previewLines } from '../../core/exports/throttle-preview.ts';
import { InputError } from '../adapters/input/input-error.ts';
import { loadConfig, type ReplayConfig } from '../config.ts';
import { openCustody } from '../dossier/custody.ts';
import { investigate } from '../dossier/investigate.ts';
import { readLinkingValues } from '../dossier/shared-values.ts';
import { buildUnder, type Subject, sourcesFor, subjectOf } from '../dossier/subject.ts';

const FORMATS = ['throttle', 'ocsf', 'stix', 'csv', 'json'] as const;
type ExportFormat = (typeof FORMATS)[number];

export interface ExportArguments {
  at: string;
  as?: string;
  release?: boolean;
  dryRun?: boolean;
  sharedKey?: string;
  out?: string;
  config?: string;
  format?: string;
}

export async function exportCommand(id: string, inputs: string[], args: ExportArguments): Promise<void> {
  if (args.as === undefined) throw new InputError(`export ${id}: --as must be one of ${FORMATS.join(', ')}`);
  const format = FORMATS.find((known) => known === args.as);
  if (format === undefined) throw new InputError(`--as ${args.as}: not one of ${FORMATS.join(', ')}`);
  if (format !== 'throttle' && (args.release || args.dryRun))
    throw new InputError(`--as ${format}: ${args.release ? '--release' : '--dry-run'} goes with --as throttle alone`);
  if (format !== 'stix' && args.sharedKey !== undefined)
    throw new InputError(`--as ${format}: --shared-key goes with --as stix alone`);
  const subject = await subjectOf(id, args.at);
  const text =
    format === 'throttle' ? await throttle(subject, inputs, args) : await rendered(subject, format, inputs, args);
  if (args.out === undefined) process.stdout.write(text);
  else writeOut(args.out, text);
}

function writeOut(path: string, text: string): void {
  try {
    writeFileSync(path, text, { mode: 0o600 });
  } catch (error) {
    throw new InputError(`--out ${path}: cannot be written (${(error as NodeJS.ErrnoException).code})`);
  }
}

async function rendered(
  subject: Subject,
  format: Exclude<ExportFormat, 'throttle'>,
  inputs: string[],
  args: ExportArguments,
): Promise<string> {
  const { at, config } = args;
  const used = config === undefined ? (await openCustody(at)).config : loadConfig(config);
  const { deployment } = used.settings;
  const lines = (values: unknown[]) => values.map((value) => `${JSON.stringify(value)}\n`).join('');
  switch (format) {
    case 'ocsf': {
      const { version } = buildUnder(used);
      return lines(
        subject.transitions.map((told) => ocsf(told, { deployment, version, case: caseView(subject.decided) })),
      );
    }
    case 'stix': {
      const shared = await sharedValues(subject, inputs, args, used);
      return `${JSON.stringify(stix(subject.transitions, deployment, shared), null, 2)}\n`;
    }
    case 'json':
      return lines(subject.transitions.map(({ finding }) => finding));
    case 'csv':
      return csv(
        ['finding', 'account', 'confidence', 'claimed', 'since'],
        subject.held.map(({ finding, account, confidence, claimed, since }) => [
          finding,
          account,
          confidence,
          claimed,
          since,
        ]),
      );
  }
}

/** Undefined where no group is named: a fingerprint is for those who share its key. */
async function sharedValues(
  subject: Subject,
  inputs: string[],
  args: ExportArguments,
  { settings: { sharedKeys = {} } }: ReplayConfig,
): Promise<SharedValues | undefined> {
  const { sharedKey: group } = args;
  if (group === undefined) return undefined;
  const declared = Object.hasOwn(sharedKeys, group) ? sharedKeys[group] : undefined;
  if (declared === undefined)
    throw new InputError(
      `--shared-key ${group}: no such group; sharedKeys in the settings declares ${Object.keys(sharedKeys).join(', ') || 'none'}`,
    );
  const { id, kind } = subject.last.finding;
  if (kind === 'consumer')
    throw new InputError(`--shared-key ${group}: ${id} is of one account, which nothing links; name a campaign`);
  const sources = await sourcesFor(subject, await openCustody(args.at), inputs, args);
  const values = await readLinkingValues(subject, sources, declared.since).finally(sources.remove);
  if (values.length === 0) console.error(`no value links certain accounts of ${id} and nobody else: none is told`);
  return { group, key: declared.key, values };
}

/** The list, its undo, or what it would reach. Nothing here speaks to a gateway. */
async function throttle(subject: Subject, inputs: string[], args: ExportArguments): Promise<string> {
  if (args.release && !args.dryRun) return releaseList(subject);
  const sources = await sourcesFor(subject, await openCustody(args.at), inputs, args);
  const { throttle: plan, gathered } = await investigate(subject, sources).finally(sources.remove);
  gathered.remove();
  return args.dryRun ? `${previewLines(plan.preview).join('\n')}\n` : throttleList(subject, plan);
}

function throttleList({ last }: Subject, { list }: ThrottlePlan): string {
  return list
    .map(({ account, otherWork }) => ({
      action: 'throttle',
      finding: last.finding.id,
      account,
      otherWork: Number(otherWork.toPrecision(2)),
    }))
    .map((line) => `${JSON.stringify(line)}\n`)
    .join('');
}

/** Everybody whom an earlier list of this finding may have named: whoever was ever held. */
function releaseList({ last, held, released }: Subject): string {
  return [...held, ...released]
    .map(({ account }) => account)
    .sort()
    .map((account) => `${JSON.stringify({ action: 'release', finding: last.finding.id, account })}\n`)
    .join('');
}
