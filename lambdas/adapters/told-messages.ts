/** Messages of the outbox with how each channel took them. */
import { CHANNELS, type OutboxRow } from '../../core/outbox/outbox.ts';
import { byTime, type Delivery, type ToldMessage } from '../../core/place.ts';
import { isoTime } from '../../core/records/time.ts';
import type { DynamoOutbox } from './dynamo-outbox.ts';

/** In time order; of one finding where it is named. */
export async function toldMessages(
  outbox: Pick<DynamoOutbox, 'messages' | 'allRows'>,
  finding?: string,
): Promise<ToldMessage[]> {
  const [messages, rows] = await Promise.all([outbox.messages(), outbox.allRows()]);
  const byMessage = Map.groupBy(rows, ({ messageId }) => messageId);
  const own = messages.filter((message) => finding === undefined || message.finding?.id === finding);
  return byTime(
    own.map((message) => ({
      // A message that is not the transition itself has a time of its own.
      at: message.at ?? message.finding!.at,
      message,
      deliveries: (byMessage.get(message.messageId) ?? []).map(deliveryOf).sort(inOrder),
    })),
  );
}

function deliveryOf({ channel, state, attempts, error, receipt, settled, due }: OutboxRow): Delivery {
  return {
    channel,
    state,
    attempts,
    ...(error === undefined ? {} : { error }),
    ...(receipt === undefined ? {} : { receipt }),
    ...(settled === undefined ? {} : { settled: isoTime(settled) }),
    ...(state === 'pending' ? { due: isoTime(due) } : {}),
  };
}

const inOrder = (a: Delivery, b: Delivery) => CHANNELS.indexOf(a.channel) - CHANNELS.indexOf(b.channel);
