/** The place that `--at` names, and who acts on it. */
import { userInfo } from 'node:os';
import type { ReportPeriod } from '../../../core/messages/report-period.ts';
import type { WatchRecords } from '../../../core/messages/report-source.ts';
import type { Resend } from '../../../core/outbox/resend.ts';
import type { Place } from '../../../core/place.ts';
import { InputError } from '../input/input-error.ts';
import { FolderPlace } from './folder.ts';
import { readWatchFile, spanOf, watchOf } from './folder-watch.ts';

const STACK = 'stack:';

/** The name of the stack where a deployment is named. */
export function stackNamed(at: string): string | undefined {
  return at.startsWith(STACK) ? at.slice(STACK.length) : undefined;
}

/** The cloud's libraries are loaded only where a deployment is named: they take longer than any command on a folder. */
export async function openPlace(at: string): Promise<Place> {
  if (!at.startsWith(STACK)) return new FolderPlace(at);
  const { openStack } = await import('./stack.ts');
  return openStack(at.slice(STACK.length));
}

/** When deployed always the caller's own identity; in a folder `--by`, else the local user. */
export async function actor(at: string, by: string | undefined): Promise<string> {
  if (!at.startsWith(STACK)) return by ?? userInfo().username;
  if (by !== undefined) throw new InputError(`--by ${by}: a deployment knows its callers; leave it out`);
  const { callerIdentity } = await import('./stack.ts');
  return callerIdentity();
}

export interface OpenedWatch {
  watch: WatchRecords;
  /** From the first exchange, or as far back as the longest known campaign, to the last sweep. */
  span(): Promise<{ from: string; to: string }>;
}

/** What the place knows of its own watch. */
export async function openWatch(at: string): Promise<OpenedWatch> {
  if (at.startsWith(STACK)) return (await import('./stack.ts')).openStackWatch(at.slice(STACK.length));
  const file = readWatchFile(at);
  const span = spanOf(file);
  return {
    watch: watchOf(file),
    span: async () => {
      if (span === undefined) throw new InputError(`--at ${at}: no sweep has run, so there is nothing to report on`);
      return span;
    },
  };
}

/** Sends under the same claim as the schedule: whoever comes second sends nothing. Returns what became of it. */
export async function sendReport(at: string, period: ReportPeriod): Promise<string> {
  if (!at.startsWith(STACK))
    throw new InputError(`--send: a folder sends nothing; name a deployment, as --at stack:NAME`);
  const { sendFromStack } = await import('./stack.ts');
  return `${period.name}: ${await sendFromStack(at.slice(STACK.length), period)}`;
}

/** Gives what was given up to the channels of the deployment once more; they hold the secrets, not the caller. */
export async function resendFrom(at: string): Promise<Resend> {
  if (!at.startsWith(STACK))
    throw new InputError('--send: a folder sends nothing; name a deployment, as --at stack:NAME');
  const { resendFromStack } = await import('./stack.ts');
  return resendFromStack(at.slice(STACK.length));
}
