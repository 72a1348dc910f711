/** The place that `--at` names, and who acts on it. */
import { userInfo } from 'node:os';
import type { Place } from '../../../core/place.ts';
import { InputError } from '../input/input-error.ts';
import { FolderPlace } from './folder.ts';

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
