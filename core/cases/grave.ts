/** What breaks a silence: severity up, or a class that takes outputs or accounts. */
import type { Classification, Finding } from '../findings/finding.ts';
import { graver } from '../findings/severity.ts';

const GRAVE_CLASSES: readonly Classification[] = ['distillation', 'account_takeover'];

export function isGrave(before: Finding, now: Finding): boolean {
  const newClass = before.classification !== now.classification && GRAVE_CLASSES.includes(now.classification);
  return newClass || graver(now.severity, before.severity);
}
