import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { parseSettings } from '../../core/settings.ts';
import { SnsPublisher } from '../../lambdas/adapters/sns.ts';
import { messageSettings } from '../../lambdas/message-settings.ts';
import { type FindingEvent, handle } from '../../lambdas/notify/handler.ts';
import { transition } from '../contracts/sample-findings.ts';
import { listening, recorded } from './support.ts';

const sns = mockClient(SNSClient);
const settings = messageSettings(
  parseSettings({ deployment: 'prod', messages: { runbook: 'https://runbook.example.com' } }),
);
const event: FindingEvent = { ...recorded<FindingEvent>('finding-event'), detail: transition('f_01KR2') };

beforeEach(() => {
  sns.reset();
  sns.on(PublishCommand).resolves({ MessageId: '1' });
});

const tell = (told = listening()) =>
  handle(event, { publisher: new SnsPublisher(new SNSClient({}), 'arn:topic'), settings, told });
const published = () => sns.commandCalls(PublishCommand).map(({ args }) => args[0].input);

describe('a finding that changed', () => {
  it('is published as text for people and as JSON for machines', async () => {
    await tell();
    const [message] = published();
    const bodies = JSON.parse(message!.Message!) as Record<string, string>;
    expect(message).toMatchObject({ TopicArn: 'arn:topic', MessageStructure: 'json' });
    expect(JSON.parse(bodies.sqs!)).toMatchObject({ finding: { id: 'f_01KR2' } });
    expect(bodies.default).toContain('https://runbook.example.com');
    expect(message!.MessageAttributes!.severity).toEqual({ DataType: 'String', StringValue: 'SEV2' });
  });

  it('has the same message id when the bus delivers it twice, so that receivers can drop the second', async () => {
    await tell();
    await tell();
    const [first, second] = published().map(({ MessageAttributes }) => MessageAttributes!.messageId!.StringValue);
    expect(first).toBe(second);
  });

  it('is tried again by the platform when SNS fails', async () => {
    sns.on(PublishCommand).rejects(new Error('throttled'));
    const told = listening();
    await expect(tell(told)).rejects.toThrow('throttled');
    expect(told.counts.FindingsTold).toBeUndefined();
  });
});
