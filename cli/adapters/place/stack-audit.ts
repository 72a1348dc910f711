/** Lets the function of a deployment audit: it has the right to read the archive, the caller needs only to call it. */
import { InputError } from '../input/input-error.ts';
import { outputsOf, required } from './stack-outputs.ts';
import { endpointOf, type Send, signedFor } from './stack-signed.ts';

export interface StackAudit {
  day: string;
  audited: number;
  drifted: number;
  figures: string[];
}

/** `day`: `YYYY-MM-DD`; the one before yesterday where left out. `now`: RFC 3339; it also draws the accounts. */
export async function auditStack(stack: string, day: string | undefined, now: string): Promise<StackAudit> {
  const arn = required(stack, await outputsOf(stack), 'AuditFunctionArn');
  return auditBy(
    arn,
    { scheduledTime: now, ...(day === undefined ? {} : { day }) },
    signedFor('lambda', arn.split(':')[3]!),
  );
}

export async function auditBy(
  arn: string,
  task: { scheduledTime: string; day?: string },
  send: Send,
): Promise<StackAudit> {
  const [, , , region, , , name] = arn.split(':');
  const url = new URL(`/2015-03-31/functions/${name}/invocations`, endpointOf('lambda', region!));
  const response = await send(url, JSON.stringify(task));
  const answer = (await response.json().catch(() => ({}))) as StackAudit & { errorMessage?: string; Message?: string };
  if (response.status === 403) throw new InputError(`you may not audit: it needs lambda:InvokeFunction on ${name}`);
  if (!response.ok || response.headers.has('x-amz-function-error')) {
    throw new Error(`the audit failed: ${answer.errorMessage ?? answer.Message ?? `HTTP ${response.status}`}`);
  }
  return answer;
}
