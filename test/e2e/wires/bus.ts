/**
 * The rules of the template on the emulator's buses. Queues get their events from the emulator; what emulators do not
 * deliver to, functions and streams, gets them through a queue of this tier's.
 */
import { PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { PutRecordCommand } from '@aws-sdk/client-kinesis';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { clientsOf, OPERATOR } from '../clients.ts';
import type { Asynchronous } from '../lambda/asynchronous.ts';
import { ACCOUNT, REGION, type Resource, type Template } from '../template/template.ts';

interface Bridge {
  /** URL of the tier's own queue. */
  queue: string;
  rule: string;
  target: Resource['Properties'];
}

type BusEvent = Record<string, unknown>;

export class BusWire {
  /** How often a function gets each event; at AWS it is at least once. */
  times = 1;
  private readonly template: Template;
  private readonly asynchronous: Asynchronous;
  private readonly endpoint: string;
  private readonly bridges: Bridge[] = [];

  private readonly stack: string;

  private constructor(template: Template, asynchronous: Asynchronous, endpoint: string, stack: string) {
    this.stack = stack;
    this.template = template;
    this.asynchronous = asynchronous;
    this.endpoint = endpoint;
  }

  static async open(template: Template, asynchronous: Asynchronous, endpoint: string, stack: string): Promise<BusWire> {
    const wire = new BusWire(template, asynchronous, endpoint, stack);
    for (const [id, { Properties }] of template.ofType('AWS::Events::Rule')) await wire.rule(id, Properties);
    return wire;
  }

  /** Delivers what the rules matched since; returns how many events there were. */
  async drain(): Promise<number> {
    let delivered = 0;
    for (const bridge of this.bridges)
      for await (const event of this.events(bridge)) {
        await this.deliver(bridge, event);
        delivered++;
      }
    return delivered;
  }

  private async rule(id: string, { EventBusName, EventPattern, ScheduleExpression, Targets }: Resource['Properties']) {
    if (ScheduleExpression) throw new Error(`${id}: rules on a schedule are not driven by the end-to-end tier`);
    const { events } = clientsOf(this.endpoint, OPERATOR);
    const bus = EventBusName ? { EventBusName: this.template.resolve<string>(EventBusName) } : {};
    const Pattern = JSON.stringify(this.template.resolve(EventPattern));
    const Name = `${this.stack}-${id}`.slice(-64);
    const { RuleArn } = await events.send(new PutRuleCommand({ Name, EventPattern: Pattern, ...bus }));
    this.template.made.set(id, { ref: Name, attributes: { Arn: RuleArn! } });
    for (const target of Targets as Resource['Properties'][]) {
      const Arn = await this.arrival(id, target);
      await events.send(new PutTargetsCommand({ Rule: Name, ...bus, Targets: [{ Id: target.Id, Arn }] }));
    }
  }

  /** ARN of the queue in which the emulator puts what the rule matches. */
  private async arrival(rule: string, target: Resource['Properties']): Promise<string> {
    const [id = ''] = this.template.references(target.Arn);
    // The emulator would put the whole event where the target asks for a part of it.
    if (this.template.resources.get(id)?.Type === 'AWS::SQS::Queue' && !target.InputPath)
      return this.template.resolve(target.Arn);
    const QueueName = `${this.stack}-bridge-${rule}`.slice(0, 80);
    const { QueueUrl } = await clientsOf(this.endpoint, OPERATOR).sqs.send(new CreateQueueCommand({ QueueName }));
    this.bridges.push({ queue: QueueUrl!, rule, target });
    return `arn:aws:sqs:${REGION}:${ACCOUNT}:${QueueName}`;
  }

  private async *events({ queue }: Bridge): AsyncGenerator<BusEvent> {
    const { sqs } = clientsOf(this.endpoint, OPERATOR);
    for (;;) {
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: queue, MaxNumberOfMessages: 10 }));
      if (Messages.length === 0) return;
      for (const { Body, ReceiptHandle } of Messages) {
        await sqs.send(new DeleteMessageCommand({ QueueUrl: queue, ReceiptHandle }));
        yield JSON.parse(Body!) as BusEvent;
      }
    }
  }

  private async deliver({ rule, target }: Bridge, event: BusEvent): Promise<void> {
    const [id = ''] = this.template.references(target.Arn);
    const input = target.InputPath ? at(event, target.InputPath) : event;
    if (this.template.resources.get(id)?.Type === 'AWS::Lambda::Function') {
      this.mustBePermitted(rule, id);
      for (let i = 0; i < this.times; i++) await this.asynchronous.invoke(id, input);
      return;
    }
    if (this.template.resources.get(id)?.Type === 'AWS::SQS::Queue') {
      const QueueUrl = this.template.made.get(id)!.ref;
      const { sqs } = clientsOf(this.endpoint, OPERATOR);
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(input) }));
      return;
    }
    const [role = ''] = this.template.references(target.RoleArn);
    const { kinesis } = clientsOf(this.endpoint, role);
    await kinesis.send(
      new PutRecordCommand({
        StreamARN: this.template.resolve<string>(target.Arn),
        PartitionKey: String(at(event, target.KinesisParameters.PartitionKeyPath)),
        Data: Buffer.from(JSON.stringify(input)),
      }),
    );
  }

  private mustBePermitted(rule: string, id: string): void {
    const permitted = this.template.ofType('AWS::Lambda::Permission').some(([, { Properties }]) => {
      const { FunctionName, Principal, SourceArn } = Properties;
      const isOurs = this.template.references(FunctionName).includes(id) && Principal === 'events.amazonaws.com';
      return isOurs && this.template.references(SourceArn).includes(rule);
    });
    if (!permitted) throw new Error(`${rule} may not invoke ${id}: the template has no permission for it`);
  }
}

/** `path`: as `$.detail.account`. */
function at(event: BusEvent, path: string): unknown {
  const names = path.split('.').slice(1);
  return names.reduce<unknown>((value, name) => (value as BusEvent)[name], event);
}
