/** Publishes an alert: text for people, JSON for machines, attributes to filter by. */
import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import type { SnsMessage } from '../../core/messages/sns.ts';

export interface Publisher {
  /** Returns the id that SNS gave the message. */
  publish(message: SnsMessage | { Message: string }): Promise<string>;
}

export class SnsPublisher implements Publisher {
  private readonly client: SNSClient;
  private readonly topic: string;

  constructor(client: SNSClient, topic: string) {
    this.client = client;
    this.topic = topic;
  }

  async publish(message: SnsMessage | { Message: string }): Promise<string> {
    const { MessageId } = await this.client.send(new PublishCommand({ TopicArn: this.topic, ...message }));
    return MessageId ?? '';
  }
}
