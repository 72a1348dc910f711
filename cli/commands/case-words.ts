/** An entry of the case log as one line: when, who, what. */
import type { CaseEntry, EntryOf, Scope } from '../../core/cases/entry.ts';

export function entryWords(entry: CaseEntry): string {
  return `${entry.at}  ${entry.by}  ${didWords(entry)}`;
}

function didWords(entry: CaseEntry): string {
  switch (entry.action) {
    case 'ack':
      return 'ack';
    case 'assign':
      return `assign to ${entry.to}`;
    case 'note':
      return `note: ${entry.text.replaceAll(/\s+/g, ' ')}`;
    case 'snooze':
      return `snooze until ${entry.until}, owner ${entry.owner}: ${entry.reason}`;
    case 'snooze-end':
      return 'snooze ended';
    case 'verdict':
      return `verdict ${entry.verdict}${entry.of ? ` of ${entry.of}` : ''}: ${entry.reason}`;
    case 'exception':
      return exceptionWords(entry);
    case 'plan':
      return planWords(entry);
    default:
      return `${entry.action.replace('-end', '')} ${entry.id} ended`;
  }
}

export function scopeWords(scope: Scope): string {
  const [kind, value] = Object.entries(scope)[0]!;
  return `${kind} ${value}`;
}

function exceptionWords({
  id,
  scope,
  classifications,
  until,
  owner,
  approvedBy,
  reason,
}: EntryOf<'exception'>): string {
  const approved = approvedBy ? `, approved by ${approvedBy}` : '';
  return `exception ${id} for ${scopeWords(scope)}, ${classifications.join(', ')}, until ${until}, owner ${owner}${approved}: ${reason}`;
}

function planWords({ id, scope, from, to, owner, reason }: EntryOf<'plan'>): string {
  return `plan ${id} for ${scopeWords(scope)}, ${from} to ${to}, owner ${owner}: ${reason}`;
}
