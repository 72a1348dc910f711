/** What the mail service says became of a mail, as far as it tells whom mail reaches: the events of Amazon SES. */
import type { Unreachable } from './report-own.ts';

export interface MailEvent {
  eventType?: string;
  mail?: { timestamp?: string; tags?: Record<string, string[]> };
  bounce?: { bounceType?: string; timestamp?: string; bouncedRecipients?: { emailAddress?: string }[] };
  complaint?: { timestamp?: string; complainedRecipients?: { emailAddress?: string }[] };
  delivery?: { recipients?: string[] };
}

/**
 * Only a permanent bounce speaks of the address: a full mailbox passes. A complaint names every recipient of its domain, as
 * the provider does not tell which of them it was: only one that stands alone is taken at its word.
 */
export function reachOfMail(event: MailEvent): { lost: Unreachable[]; reached: string[] } {
  const { eventType, bounce, complaint, delivery } = event;
  if (eventType === 'Bounce' && bounce?.bounceType === 'Permanent')
    return { lost: marks('bounce', bounce.bouncedRecipients, bounce.timestamp ?? event.mail?.timestamp), reached: [] };
  if (eventType === 'Complaint' && complaint?.complainedRecipients?.length === 1) {
    const at = complaint.timestamp ?? event.mail?.timestamp;
    return { lost: marks('complaint', complaint.complainedRecipients, at), reached: [] };
  }
  if (eventType === 'Delivery') return { lost: [], reached: (delivery?.recipients ?? []).map(plain) };
  return { lost: [], reached: [] };
}

function marks(
  why: Unreachable['why'],
  recipients: readonly { emailAddress?: string }[] = [],
  at: string | undefined,
): Unreachable[] {
  if (at === undefined) return [];
  return recipients.flatMap(({ emailAddress }) => (emailAddress ? [{ address: plain(emailAddress), why, at }] : []));
}

/** `"A. Name" <a@example.com>` without the name, in lower case. */
function plain(address: string): string {
  return (/<([^<>]+)>\s*$/.exec(address)?.[1] ?? address).trim().toLowerCase();
}
