/** `export`: of a finding, of a period, or of what was not delivered; one of them at a time. */
import { InputError } from '../adapters/input/input-error.ts';
import { type ExportArguments, exportCommand } from './export.ts';
import { type ExportReport, exportReportCommand } from './report.ts';
import { exportUndeliveredCommand } from './resend.ts';

type Exported = ExportArguments & ExportReport & { undelivered?: boolean };

/** Options that say something only beside another. */
const GOES_WITH = {
  as: ['id'],
  release: ['id'],
  dryRun: ['id'],
  sharedKey: ['id'],
  send: ['digest', 'weekly', 'undelivered'],
  out: ['id', 'digest', 'weekly'],
} as const;
const SPELT: Record<string, string> = { id: 'a finding', dryRun: '--dry-run', sharedKey: '--shared-key' };
const spelt = (name: string) => SPELT[name] ?? `--${name}`;

export async function exportsCommand(id: string | undefined, inputs: string[], args: Exported): Promise<void> {
  const named = Object.entries({ id, digest: args.digest, weekly: args.weekly, undelivered: args.undelivered })
    .filter(([, value]) => value !== undefined)
    .map(([name]) => name);
  const [what, other] = named;
  if (what === undefined || other !== undefined)
    throw new InputError(
      `export: name one of ID --as FORMAT, --digest DAY, --weekly WEEK or --undelivered${other ? `, not ${named.map(spelt).join(' and ')}` : ''}`,
    );
  for (const [option, wanted] of Object.entries(GOES_WITH))
    if (args[option as keyof typeof GOES_WITH] !== undefined && !wanted.some((name) => name === what))
      throw new InputError(
        `export: ${spelt(option)} goes with ${wanted.map(spelt).join(', ')}, not with ${spelt(what)}`,
      );
  if (id !== undefined) await exportCommand(id, inputs, args);
  else if (args.undelivered) await exportUndeliveredCommand(args);
  else await exportReportCommand(args);
}
