/** How each channel is given a message, and what of its answer is kept as the receipt. */

import type { Roles } from '../../core/cases/timers.ts';
import { chatMessage } from '../../core/messages/chat.ts';
import { alertEmail } from '../../core/messages/email.ts';
import { PAGERDUTY_URL, pagerDutyEvent } from '../../core/messages/pagerduty.ts';
import { snsMessage } from '../../core/messages/sns.ts';
import { webhookRequest } from '../../core/messages/webhook.ts';
import type { Sender } from '../../core/outbox/deliver.ts';
import { besideOf, type Channel } from '../../core/outbox/outbox.ts';
import type { Mailer } from '../adapters/ses.ts';
import type { Publisher } from '../adapters/sns.ts';

/** Longer than any endpoint should take, shorter than the function may run. */
const ANSWER_MS = 10_000;

export class ChannelError extends Error {
  override name = 'ChannelError';
}

export interface SenderParts {
  topic: Publisher;
  chat?: Publisher;
  /** The routing key; read when it is needed. */
  pagerduty?: () => Promise<string>;
  /** The signing secrets, newest first: two while one is being replaced. */
  webhook?: { url: string; secrets: () => Promise<string[]> };
  mailer?: Mailer;
  /** Who gets a reminder by mail, beside the recipients of all mail. */
  roles?: Roles;
  fetch: typeof globalThis.fetch;
}

/** In the order in which a SEV1 that is not taken goes on to the next channel. */
export function sendersOf({
  topic,
  chat,
  pagerduty,
  webhook,
  mailer,
  roles,
  fetch,
}: SenderParts): Map<Channel, Sender> {
  const senders = new Map<Channel, Sender>([['sns', (message) => topic.publish(snsMessage(message))]]);
  if (chat) senders.set('chat', (message) => chat.publish({ Message: JSON.stringify(chatMessage(message)) }));
  if (pagerduty) {
    senders.set('pagerduty', async (message) => {
      const event = { routing_key: await pagerduty(), ...pagerDutyEvent(message) };
      return post(fetch, PAGERDUTY_URL, { 'content-type': 'application/json' }, JSON.stringify(event));
    });
  }
  if (webhook) {
    senders.set('webhook', async (message, now) => {
      const request = webhookRequest(message, Math.floor(now / 1000), await webhook.secrets());
      return post(fetch, webhook.url, request.headers, request.body);
    });
  }
  if (mailer) {
    senders.set('mail', async (message) => {
      await mailer.send(alertEmail(message), {}, besideOf(message, roles));
      return 'taken by SES';
    });
  }
  return senders;
}

/** What an endpoint answers is not repeated: it may hold anything. */
async function post(
  fetch: SenderParts['fetch'],
  url: string,
  headers: Record<string, string>,
  body: string,
): Promise<string> {
  const signal = AbortSignal.timeout(ANSWER_MS);
  const { ok, status } = await fetch(url, { method: 'POST', headers, body, signal, redirect: 'error' });
  if (!ok) throw new ChannelError(`HTTP ${status}`);
  return `HTTP ${status}`;
}
