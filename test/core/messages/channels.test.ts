import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chatMessage } from '../../../core/messages/chat.ts';
import { envelope } from '../../../core/messages/envelope.ts';
import { SNS_LIMIT, snsMessage } from '../../../core/messages/sns.ts';
import { alertTitle } from '../../../core/messages/title.ts';
import { anyTransition } from './any-transition.ts';
import { expectGolden } from './golden.ts';
import { SAMPLES, SETTINGS, UPDATED } from './sample.ts';

describe('the JSON envelope', () => {
  it.each(Object.entries(SAMPLES))('%s has the agreed shape', (name, transition) => {
    expectGolden(`${name}.json`, `${JSON.stringify(envelope(transition, SETTINGS), null, 1)}\n`);
  });

  it('carries the finding as it stands in findings.ndjson', () => {
    expect(envelope(UPDATED, SETTINGS).finding).toBe(UPDATED.finding);
  });

  it('has an id that a second delivery repeats and no other message shares', () => {
    expect(envelope(UPDATED, SETTINGS).messageId).toBe('c23880c3b1c7a51b');
    expect(envelope(UPDATED, { ...SETTINGS, deployment: 'other' }).messageId).not.toBe('c23880c3b1c7a51b');
    const ids = Object.values(SAMPLES).map((transition) => envelope(transition, SETTINGS).messageId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('gives one key to all messages of a finding, so that a pager opens one incident', () => {
    const keys = Object.values(SAMPLES).map((transition) => envelope(transition, SETTINGS).dedupKey);
    expect(new Set(keys)).toEqual(new Set(['stillwatch/acme-prod/cmp-7f3a91', 'stillwatch/acme-prod/con-91e0c7']));
  });
});

describe('SNS', () => {
  it('takes every message: subject, ten attributes and 64 KiB at most', () => {
    fc.assert(
      fc.property(anyTransition, (transition) => {
        const { Subject, Message, MessageAttributes } = snsMessage(envelope(transition, SETTINGS));
        expect(Subject).toMatch(/^[\x20-\x7e]{1,99}$/);
        expect(Object.keys(MessageAttributes)).toHaveLength(10);
        expect(Buffer.byteLength(Message + JSON.stringify(MessageAttributes))).toBeLessThanOrEqual(SNS_LIMIT);
        expect(Buffer.byteLength(JSON.stringify(envelope(transition, SETTINGS)))).toBeLessThanOrEqual(32 * 1024);
      }),
      { numRuns: 50 },
    );
  });

  it('gives people text and machines the envelope', () => {
    const bodies = JSON.parse(snsMessage(envelope(UPDATED, SETTINGS)).Message);
    expect(bodies.email).toMatch(/^\[SEV1\] UPDATE/);
    expect(bodies.default).toBe(bodies.email);
    for (const machine of ['sqs', 'lambda', 'https']) {
      expect(JSON.parse(bodies[machine])).toEqual(envelope(UPDATED, SETTINGS));
    }
  });

  it('lets a pager filter by rank as a number', () => {
    const { MessageAttributes } = snsMessage(envelope(UPDATED, SETTINGS));
    expect(MessageAttributes.severityRank).toEqual({ DataType: 'Number', StringValue: '1' });
    expect(MessageAttributes.classification).toEqual({ DataType: 'String', StringValue: 'distillation' });
  });
});

describe('Amazon Q chat, which drops without a word what is not its own schema', () => {
  it('uses its fields and no other', () => {
    const message = chatMessage(envelope(UPDATED, SETTINGS));
    expect(Object.keys(message)).toEqual(['version', 'source', 'id', 'content', 'metadata']);
    expect(Object.keys(message.content)).toEqual(['textType', 'title', 'description', 'nextSteps', 'keywords']);
    expect(message).toMatchObject({ version: '1.0', source: 'custom', metadata: { threadId: 'cmp-7f3a91' } });
    expect(message.content.title).toBe(alertTitle(UPDATED));
    expectGolden('campaign-updated.chat.json', `${JSON.stringify(message, null, 1)}\n`);
  });

  it('keeps the description within 900 characters and free of markup', () => {
    fc.assert(
      fc.property(anyTransition, (transition) => {
        const { description } = chatMessage(envelope(transition, SETTINGS)).content;
        expect(description.length).toBeLessThanOrEqual(900);
        expect(description).not.toMatch(/[<>]/);
      }),
    );
  });
});
