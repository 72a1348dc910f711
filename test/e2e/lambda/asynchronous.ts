/** What Lambda does with an asynchronous invocation: tries again, then gives the event to the destination of failures. */
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { clientsOf } from '../clients.ts';
import type { Template } from '../template/template.ts';
import { queueUrl } from '../wires/queue-url.ts';
import { FunctionError, type Functions } from './functions.ts';

export interface AsynchronousOptions {
  template: Template;
  functions: Functions;
  endpoint: string;
}

export class Asynchronous {
  private readonly options: AsynchronousOptions;

  constructor(options: AsynchronousOptions) {
    this.options = options;
  }

  /** Returns whether the function took the event. */
  async invoke(id: string, event: unknown): Promise<boolean> {
    const { template, functions } = this.options;
    const configs = template.ofType('AWS::Lambda::EventInvokeConfig');
    const [, config] =
      configs.find(([, { Properties }]) => template.references(Properties.FunctionName).includes(id)) ?? [];
    if (!config) throw new Error(`${id} is invoked asynchronously, but nothing keeps the events that fail`);
    let last: FunctionError | undefined;
    for (let attempt = 0; attempt <= config.Properties.MaximumRetryAttempts; attempt++) {
      try {
        await functions.invoke(id, event);
        return true;
      } catch (error) {
        if (!(error instanceof FunctionError)) throw error;
        last = error;
      }
    }
    await this.keep(id, config.Properties.DestinationConfig.OnFailure.Destination, event, last!);
    return false;
  }

  /** With the function's own role, as Lambda does. */
  private async keep(id: string, destination: unknown, event: unknown, error: FunctionError): Promise<void> {
    const { template, endpoint } = this.options;
    const role = template.references(template.resources.get(id)!.Properties.Role)[0]!;
    const MessageBody = JSON.stringify({ requestPayload: event, responsePayload: { errorType: error.errorType } });
    const QueueUrl = queueUrl(template, destination);
    await clientsOf(endpoint, role).sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
  }
}
