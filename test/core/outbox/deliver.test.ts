import { describe, expect, it } from 'vitest';
import { envelope } from '../../../core/messages/envelope.ts';
import { deliver, enrol } from '../../../core/outbox/deliver.ts';
import { CHANNELS } from '../../../core/outbox/outbox.ts';
import { CONSUMER_UPDATED, SETTINGS, UPDATED } from '../messages/sample.ts';
import { HOUR, MINUTE, world } from './memory-outbox.ts';

const MESSAGE = envelope(UPDATED, SETTINGS);

/** The schedule looks once a minute. */
async function run(made: ReturnType<typeof world>, ms: number) {
  for (let passed = 0; passed <= ms; passed += MINUTE) {
    await deliver(made.delivery);
    made.state.now += MINUTE;
  }
}

describe('a message that has to be told', () => {
  it('arrives once on each channel after an hour in which all of them failed', async () => {
    const made = world();
    await enrol(MESSAGE, made.delivery);
    for (const channel of CHANNELS) made.state.broken.add(channel);
    await run(made, HOUR);
    expect([...made.taken.values()].flat()).toEqual([]);
    made.state.broken.clear();
    await run(made, HOUR + 15 * MINUTE);
    for (const channel of CHANNELS) expect(made.taken.get(channel)).toEqual([MESSAGE]);
    expect(await deliver(made.delivery)).toMatchObject({ sent: 0, failed: 0, undelivered: 0 });
  });

  it('is given up after 25 h, listed as undelivered, and stops no other channel', async () => {
    const made = world();
    made.state.broken.add('webhook');
    await enrol(MESSAGE, made.delivery);
    await run(made, 25 * HOUR);
    const row = made.store.rows.get(`${MESSAGE.messageId}#webhook`)!;
    expect(row).toMatchObject({ state: 'failed', error: 'Error: 503 from the endpoint' });
    expect((await deliver(made.delivery)).undelivered).toBe(1);
    expect(made.taken.get('sns')).toHaveLength(1);
    const next = envelope({ ...UPDATED, at: '2026-06-23T00:00:00.000Z' }, SETTINGS);
    made.state.broken.clear();
    await enrol(next, made.delivery);
    await deliver(made.delivery);
    expect(made.taken.get('webhook')).toEqual([next]);
  });

  it('is told once, however often the sweep hands it over', async () => {
    const made = world();
    for (let time = 0; time < 3; time++) {
      await enrol(MESSAGE, made.delivery);
      await deliver(made.delivery);
    }
    for (const channel of CHANNELS) expect(made.taken.get(channel)).toHaveLength(1);
  });

  it('reaches the pager for SEV1 and SEV2, chat for SEV3, and machines always', async () => {
    const made = world();
    await enrol(envelope(CONSUMER_UPDATED, SETTINGS), made.delivery);
    await deliver(made.delivery);
    const told = CHANNELS.filter((channel) => made.taken.get(channel)!.length > 0);
    expect(told).toEqual(['sns', 'chat', 'webhook']);
  });

  it.each([
    ['acked', ['chat', 'pagerduty', 'webhook']],
    ['reminder', ['sns', 'chat', 'webhook', 'mail']],
    ['cleared', [...CHANNELS]],
  ] as const)('%s goes to %s', async (message, channels) => {
    const made = world();
    await enrol(envelope({ ...UPDATED, message }, SETTINGS), made.delivery);
    expect([...made.store.rows.values()].map(({ channel }) => channel)).toEqual(channels);
  });

  it('goes to a channel connected since, when a SEV1 waits for 15 minutes', async () => {
    const before = world(['pagerduty']);
    before.state.broken.add('pagerduty');
    await enrol(MESSAGE, before.delivery);
    const made = world(['pagerduty', 'chat']);
    const delivery = { ...made.delivery, store: before.store, now: before.delivery.now };
    made.state.broken.add('pagerduty');
    before.state.now += 14 * MINUTE;
    await deliver(delivery);
    expect(made.taken.get('chat')).toHaveLength(0);
    before.state.now += 2 * MINUTE;
    await deliver(delivery);
    await deliver(delivery);
    expect(made.taken.get('chat')).toHaveLength(1);
  });
});
