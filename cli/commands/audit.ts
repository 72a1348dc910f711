/** `audit`: counts again, and exits with 3 where a stored figure is not what the records say. */
import type { Finding } from '../../core/findings/finding.ts';
import { isoTime } from '../../core/records/time.ts';
import { readByTime } from '../adapters/input/by-time.ts';
import { InputError } from '../adapters/input/input-error.ts';
import { openInputs } from '../adapters/input/open.ts';
import { sourceOf } from '../adapters/input/source.ts';
import { parseFormat } from '../adapters/input/values.ts';
import { openPlace, stackNamed } from '../adapters/place/open.ts';
import { type FindingDrift, FindingsRecount } from '../audit/recount-findings.ts';
import { loadConfig } from '../config.ts';
import { counted } from '../counted.ts';

export interface AuditArguments {
  at: string;
  day?: string;
  config?: string;
  format?: string;
  json?: boolean;
}

/** Exit code where a check did not hold. */
const DOES_NOT_HOLD = 3;

export async function auditCommand(inputs: string[], options: AuditArguments): Promise<void> {
  const stack = stackNamed(options.at);
  if (stack === undefined) await auditFolder(inputs, options);
  else await auditDeployed(stack, inputs, options);
}

async function auditFolder(inputs: string[], { at, day, config, format, json }: AuditArguments): Promise<void> {
  if (day !== undefined) throw new InputError('--day: is for a deployment; a folder is audited whole');
  if (inputs.length === 0)
    throw new InputError('audit: name the inputs of the replay, so that they can be counted again');
  const place = await openPlace(at);
  const findings = lastOf((await place.transitions()).map(({ finding }) => finding));
  const loaded = loadConfig(config);
  const told = findings.map(async (finding) => ({ finding, roster: await place.membersWhenTold(finding.id) }));
  const recount = new FindingsRecount(await Promise.all(told), loaded.settings.retentionDays);
  const reading = { source: sourceOf(loaded), format: format === undefined ? undefined : parseFormat(format) };
  for await (const { records } of readByTime(await openInputs(inputs), reading, Date.now()))
    for (const record of records) if (record.type === 'usage') recount.add(record);
  const drift = recount.drift();
  recount.remove();
  console.log(
    json ? JSON.stringify({ findings: findings.length, drift }) : folderLines(findings.length, drift).join('\n'),
  );
  if (drift.length > 0) process.exitCode = DOES_NOT_HOLD;
}

function lastOf(findings: readonly Finding[]): Finding[] {
  return [...new Map(findings.map((finding) => [finding.id, finding])).values()];
}

function folderLines(findings: number, drift: readonly FindingDrift[]): string[] {
  if (findings === 0) return ['there is no finding to count again'];
  if (drift.length === 0)
    return [`${counted(findings, 'finding')} counted again from the records: drift 0 in every figure`];
  return drift.map(
    ({ finding, figure, recorded, recounted }) =>
      `${finding}  ${figure}: recorded ${recorded}, counted again ${recounted}`,
  );
}

async function auditDeployed(stack: string, inputs: string[], { day, json }: AuditArguments): Promise<void> {
  if (inputs.length > 0)
    throw new InputError('audit: a deployment is counted again from its own archive: leave the inputs out');
  const { auditStack } = await import('../adapters/place/stack-audit.ts');
  const found = await auditStack(stack, day, isoTime(Date.now()));
  const figures = found.figures.length === 0 ? '' : `: ${found.figures.join(', ')}`;
  const line = `${found.day}: ${found.audited} account-days counted again from the archive, ${found.drifted} differ${figures}`;
  console.log(json ? JSON.stringify(found) : line);
  if (found.drifted > 0) process.exitCode = DOES_NOT_HOLD;
}
