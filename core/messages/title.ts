/**
 * The one line that is subject, summary and headline everywhere: ASCII, at most 78 characters.
 *
 *     "[" severity "] " [word " "] class " " id ": " figures
 *
 * Figures fall away from the right until it fits; a word is never cut.
 */
import type { Transition } from '../findings/transition.ts';
import { lengthDays } from './dates.ts';
import { compact, plural, times } from './numbers.ts';
import { CLASS_WORDS, type MessageWord, TITLE_WORDS } from './words.ts';

/** Mail readers and RFC 5322 agree on 78; SNS would take 99. */
export const TITLE_LIMIT = 78;

export function alertTitle(transition: Transition, message: MessageWord = transition.context.message): string {
  const { finding } = transition;
  const word = TITLE_WORDS[message];
  const head = `[${finding.severity}] ${word ? `${word} ` : ''}${CLASS_WORDS[finding.classification]} ${finding.id}`;
  return withFigures(head, titleFigures(transition));
}

function titleFigures({ finding, context }: Transition): string[] {
  const days = `${lengthDays(finding.window)} d`;
  if (finding.kind === 'consumer') {
    const multiple = context.compare.multiple;
    const usual = multiple !== undefined && Number.isFinite(multiple) ? [`${times(multiple)} usual`] : [];
    return [...usual, plural(finding.outputTokens, 'output token', compact), days];
  }
  const accounts = finding.accounts.certain + finding.accounts.probable;
  return [plural(accounts, 'account', compact), plural(finding.exchanges, 'exchange', compact), days];
}

function withFigures(head: string, figures: string[]): string {
  for (let kept = figures.length; kept > 0; kept--) {
    const title = `${head}: ${figures.slice(0, kept).join(', ')}`;
    if (title.length <= TITLE_LIMIT) return title;
  }
  return head;
}
