import { expect, it } from 'vitest';
import { reachOfMail } from '../../../core/messages/mail-events.ts';

const at = '2026-06-22T07:00:04.000Z';
const bounce = (bounceType: string) => ({
  eventType: 'Bounce',
  bounce: { bounceType, timestamp: at, bouncedRecipients: [{ emailAddress: '"Lead" <Lead@acme.example>' }, {}] },
});
const complaint = (...names: string[]) => ({
  eventType: 'Complaint',
  mail: { timestamp: at },
  complaint: { complainedRecipients: names.map((emailAddress) => ({ emailAddress })) },
});

it('an address that is gone is marked, a mailbox that is full is not', () => {
  expect(reachOfMail(bounce('Permanent')).lost).toEqual([{ address: 'lead@acme.example', why: 'bounce', at }]);
  expect(reachOfMail(bounce('Transient')).lost).toEqual([]);
});

it('a complaint marks whom it names alone; of several nobody knows who it was', () => {
  expect(reachOfMail(complaint('a@x.example')).lost).toEqual([{ address: 'a@x.example', why: 'complaint', at }]);
  expect(reachOfMail(complaint('a@x.example', 'b@x.example')).lost).toEqual([]);
});

it('a mail that arrived names who is reached', () => {
  const event = { eventType: 'Delivery', delivery: { recipients: ['A@x.example'] } };
  expect(reachOfMail(event)).toEqual({ lost: [], reached: ['a@x.example'] });
  expect(reachOfMail({ eventType: 'Send' })).toEqual({ lost: [], reached: [] });
});
