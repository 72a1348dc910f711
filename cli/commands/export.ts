/** `export`: one finding in the words of another tool, and the list of accounts that a gateway could throttle. */
import { writeFileSync } from 'node:fs';
import { caseView } from '../../core/cases/case-state.ts';
import { csv } from '../../core/dossier/csv.ts';
import type { ThrottlePlan } from '../../core/dossier/throttle.ts';
import { ocsf } from '../../core/exports/ocsf.ts';
import { stix } from '../../core/exports/stix.ts';
import { previewLines } from '../../core/exports/throttle-preview.ts';
import { InputError } from '../adapters/input/input-error.ts';
import { loadConfig } from '../config.ts';
import { openCustody } from '../dossier/custody.ts';
import { investigate } from '../dossier/investigate.ts';
import { buildUnder, type Subject, sourcesFor, subjectOf } from '../dossier/subject.ts';

const FORMATS = ['throttle', 'ocsf', 'stix', 'csv', 'json'] as const;
type ExportFormat = (typeof FORMATS)[number];

export interface ExportArguments {
  at: string;
  as?: string;
  release?: boolean;
  dryRun?: boolean;
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
  const subject = await subjectOf(id, args.at);
  const text = format === 'throttle' ? await throttle(subject, inputs, args) : await rendered(subject, format, args);
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
  { at, config }: ExportArguments,
): Promise<string> {
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
    case 'stix':
      return `${JSON.stringify(stix(subject.transitions, deployment), null, 2)}\n`;
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
