/** From what is said of a case to the message that says it. */

import type { Finding } from '../findings/finding.ts';
import { targeted } from '../findings/lifecycle.ts';
import type { SinceLast } from '../findings/transition.ts';
import { envelope, type FindingEnvelope } from '../messages/envelope.ts';
import type { MessageSettings } from '../messages/settings.ts';
import { durationMs, type Settings } from '../settings.ts';
import type { Telling } from './book.ts';
import { caseView, type LastTold } from './case-state.ts';
import type { TellingRules } from './sayings.ts';
import { escalationOf } from './timers.ts';

export function rulesOf({ deployment, alerts }: Settings): TellingRules {
  return { deployment, foldMs: durationMs(alerts.fold)!, maxPagesPerDay: alerts.maxPagesPerDay };
}

/** Undefined where nothing is sent: the digest tells it. */
export function messageOf(telling: Telling, settings: MessageSettings): FindingEnvelope | undefined {
  const { state, word, at, why, said } = telling;
  if (word === undefined) return undefined;
  const { finding, context } = state.last;
  const { since: _, ...rest } = context;
  const since = telling.since && said !== 'O' ? sinceOf(telling.since, finding) : undefined;
  const escalation = said === 'M' ? escalationOf(state) : undefined;
  return envelope(
    {
      finding,
      context: { ...rest, sequence: state.sequence, ...(since ? { since } : {}) },
      case: caseView(state),
      message: word,
      at,
      ...(said === 'l' ? { line: why } : {}),
      ...(escalation ? { escalation: { to: escalation.to, minutes: escalation.afterMs / 60_000 } } : {}),
    },
    settings,
  );
}

/** What changed since a message, whatever was held back between. */
function sinceOf({ at, finding: then }: LastTold, now: Finding): SinceLast {
  const groups = (finding: Finding) => [...new Set(finding.evidence.map(({ group }) => group))];
  return {
    at,
    accounts: then.accounts.certain + then.accounts.probable,
    exchanges: then.exchanges,
    severity: then.severity,
    capabilitiesAdded: targeted(now).filter((task) => !targeted(then).includes(task)),
    groupsAdded: groups(now).filter((group) => !groups(then).includes(group)),
  };
}
