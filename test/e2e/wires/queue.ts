/** What Lambda does for a mapping of a queue to a function. What fails stays in the queue, which counts the tries. */
import {
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
} from '@aws-sdk/client-sqs';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { type Clients, clientsOf } from '../clients.ts';
import { FunctionError, type Functions } from '../lambda/functions.ts';
import { REGION, type Resource, type Template } from '../template/template.ts';
import { queueUrl } from './queue-url.ts';

/** Messages of one call. */
const AT_ONCE = 10;

export class QueueWire {
  /** How often each batch is delivered; at AWS it is at least once. */
  times = 1;
  /** Deliveries that failed, in whole or in part. */
  failures = 0;
  private readonly functions: Functions;
  private readonly mapping: Resource['Properties'];
  private readonly id: string;
  private readonly url: string;
  private readonly arn: string;
  private readonly clients: Clients;

  constructor(template: Template, functions: Functions, endpoint: string, mapping: Resource['Properties']) {
    this.functions = functions;
    this.mapping = mapping;
    [this.id = ''] = template.references(mapping.FunctionName);
    this.url = queueUrl(template, mapping.EventSourceArn);
    this.arn = template.resolve(mapping.EventSourceArn);
    this.clients = clientsOf(endpoint, template.references(template.resources.get(this.id)!.Properties.Role)[0]!);
  }

  /** Delivers what is visible; returns how many messages the function has taken. */
  async drain(): Promise<number> {
    const { sqs } = this.clients;
    await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: this.url, AttributeNames: ['ApproximateNumberOfMessages'] }),
    );
    let taken = 0;
    for (;;) {
      const messages = await this.batch();
      if (messages.length === 0) return taken;
      for (let i = 1; i < this.times; i++) await this.attempt(messages);
      const failed = await this.attempt(messages);
      if (failed.size > 0) this.failures++;
      const done = messages.filter(({ MessageId }) => !failed.has(MessageId!));
      for (let from = 0; from < done.length; from += AT_ONCE) {
        const Entries = done
          .slice(from, from + AT_ONCE)
          .map(({ ReceiptHandle }, i) => ({ Id: String(i), ReceiptHandle: ReceiptHandle! }));
        await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: this.url, Entries }));
      }
      taken += done.length;
    }
  }

  /** As many as one call of the function takes, gathered in as many receives as it needs. */
  private async batch(): Promise<Message[]> {
    const messages: Message[] = [];
    while (messages.length < this.mapping.BatchSize) {
      const { Messages = [] } = await this.clients.sqs.send(
        new ReceiveMessageCommand({
          QueueUrl: this.url,
          MaxNumberOfMessages: Math.min(AT_ONCE, this.mapping.BatchSize - messages.length),
          MessageSystemAttributeNames: ['All'],
        }),
      );
      if (Messages.length === 0) break;
      messages.push(...Messages);
    }
    return messages;
  }

  /** Ids of the messages that failed. */
  private async attempt(messages: Message[]): Promise<Set<string>> {
    const all = new Set(messages.map(({ MessageId }) => MessageId!));
    try {
      const reply = (await this.functions.invoke(this.id, this.event(messages))) as SQSBatchResponse | null;
      if (!this.mapping.FunctionResponseTypes?.includes('ReportBatchItemFailures')) return new Set();
      return new Set((reply?.batchItemFailures ?? []).map(({ itemIdentifier }) => itemIdentifier));
    } catch (error) {
      if (error instanceof FunctionError) return all;
      throw error;
    }
  }

  private event(messages: Message[]): SQSEvent {
    return {
      Records: messages.map(({ MessageId, ReceiptHandle, Body, MD5OfBody, Attributes = {} }) => ({
        messageId: MessageId!,
        receiptHandle: ReceiptHandle!,
        body: Body!,
        md5OfBody: MD5OfBody!,
        attributes: Attributes as unknown as SQSEvent['Records'][number]['attributes'],
        messageAttributes: {},
        eventSource: 'aws:sqs',
        eventSourceARN: this.arn,
        awsRegion: REGION,
      })),
    };
  }
}
