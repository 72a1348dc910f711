/** How the messages of a period fared, and what happened without one. */
import type { Transition } from '../findings/transition.ts';
import type { ToldMessage } from '../place.ts';

export interface Mailed {
  /** Copies, one per message and channel; absent where deliveries are not known. */
  copies?: { all: number; retried: number; waiting: number };
  /** Given up after a day of trying. */
  failed: { subject: string; channel: string; at: string; error: string }[];
  /** Changes of the period that were told nobody: folded, snoozed, covered or judged. */
  folded: { finding: string; at: string; reason: string }[];
  /** Alarms of the watch itself that began in the period. */
  faults: { title: string; at: string }[];
}

export function mailedIn(
  messages: readonly ToldMessage[] | undefined,
  transitions: readonly Transition[],
  { from, to }: { from: string; to: string },
): Mailed {
  const within = (at: string) => Date.parse(at) > Date.parse(from) && Date.parse(at) <= Date.parse(to);
  if (messages === undefined) return { failed: [], folded: [], faults: [] };
  const own = messages.filter(({ at }) => within(at));
  const copies = own.flatMap(({ deliveries }) => deliveries);
  const told = new Set(
    messages.map(({ message }) => (message.finding ? `${message.finding.id} ${message.finding.at}` : '')),
  );
  return {
    copies: {
      all: copies.length,
      retried: copies.filter(({ attempts }) => attempts > 1).length,
      waiting: copies.filter(({ state }) => state === 'pending').length,
    },
    failed: own.flatMap(({ at, message, deliveries }) =>
      deliveries
        .filter(({ state }) => state === 'failed')
        .map(({ channel, error }) => ({
          subject: message.finding?.id ?? 'watch',
          channel,
          at,
          error: error ?? 'not known',
        })),
    ),
    folded: transitions
      .filter(({ finding }) => within(finding.at) && !told.has(`${finding.id} ${finding.at}`))
      .map(({ finding }) => ({ finding: finding.id, at: finding.at, reason: finding.reason ?? finding.state })),
    faults: own.flatMap(({ at, message }) =>
      message.finding === null && message.watch.state === 'opened' ? [{ title: message.title, at }] : [],
    ),
  };
}
