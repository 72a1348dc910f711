/** The stack, "deployed": template and bundles on the emulator, with this tier in the place of what emulators lack. */

import { SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, DeleteMessageCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { type Clients, clientsOf, OPERATOR } from './clients.ts';
import { Emulated, type SentMail } from './emulator.ts';
import { Gateway } from './gateway.ts';
import { Policies } from './iam/policy.ts';
import { Asynchronous } from './lambda/asynchronous.ts';
import { Functions } from './lambda/functions.ts';
import { Receiver } from './receiver.ts';
import { readTemplate } from './synth.ts';
import { create } from './template/create.ts';
import { ACCOUNT, REGION, type Template } from './template/template.ts';
import { BusWire } from './wires/bus.ts';
import { QueueWire } from './wires/queue.ts';
import { queueUrl } from './wires/queue-url.ts';
import { ScheduleWire } from './wires/schedule.ts';
import { StreamWire } from './wires/stream.ts';

export class Deployment {
  /** Time of the simulated world, ms: what the clock of a function shows when it begins. */
  now = 0;
  /** By how much the clock of a function is wrong, ms. */
  skew: (id: string) => number = () => 0;
  readonly template: Template;
  readonly emulator: Emulated;
  readonly gateway: Gateway;
  readonly receiver: Receiver;
  readonly policies: Policies;
  readonly functions: Functions;
  readonly queues: QueueWire[];
  readonly schedules: ScheduleWire;
  readonly operator: Clients;
  private readonly asynchronous: Asynchronous;
  private readonly streamWire: StreamWire | undefined;
  private rules: BusWire | undefined;
  /** Mails that were in the outbox of the emulator before. */
  private mailsBefore = 0;

  private constructor(template: Template, assembly: string, emulator: Emulated, gateway: Gateway, receiver: Receiver) {
    this.template = template;
    this.emulator = emulator;
    this.gateway = gateway;
    this.receiver = receiver;
    const endpoint = gateway.url;
    this.operator = clientsOf(endpoint, OPERATOR);
    this.policies = new Policies(template);
    gateway.policies = this.policies;
    const clock = (id: string) => this.now + this.skew(id);
    this.functions = new Functions({ template, assembly, endpoint, receiver: receiver.url, clock });
    const { functions } = this;
    const mappings = template.ofType('AWS::Lambda::EventSourceMapping').map(([, { Properties }]) => Properties);
    const fromStream = mappings.filter(({ StartingPosition }) => StartingPosition);
    this.streamWire = fromStream[0] && new StreamWire({ template, functions, endpoint }, fromStream[0]);
    this.queues = mappings
      .filter(({ StartingPosition }) => !StartingPosition)
      .map((mapping) => new QueueWire(template, functions, endpoint, mapping));
    this.asynchronous = new Asynchronous({ template, functions, endpoint });
    this.schedules = new ScheduleWire(template, functions, this.asynchronous, this.policies);
  }

  /** `stack`: names all that is made, so that several can live on one emulator. */
  static async open(url: string, assembly: string, stack: string): Promise<Deployment> {
    const emulator = new Emulated(url);
    const gateway = await Gateway.open(emulator.url);
    const template = readTemplate(assembly);
    await create(template, stack, clientsOf(gateway.url, OPERATOR));
    const deployment = new Deployment(template, assembly, emulator, gateway, await Receiver.open());
    deployment.rules = await BusWire.open(template, deployment.asynchronous, gateway.url, stack);
    deployment.mailsBefore = (await emulator.mails()).length;
    return deployment;
  }

  /** @throws where records wait in a queue, which is one of `queues` */
  get stream(): StreamWire {
    if (!this.streamWire) throw new Error('the stack has no stream');
    return this.streamWire;
  }

  /** All that Lambda reads for a function. */
  get sources(): (StreamWire | QueueWire)[] {
    return [...(this.streamWire ? [this.streamWire] : []), ...this.queues];
  }

  get bus(): BusWire {
    return this.rules!;
  }

  /** Mails that SES was given by this deployment. */
  async mails(): Promise<SentMail[]> {
    return (await this.emulator.mails()).slice(this.mailsBefore);
  }

  /** A queue that gets what the topic is told, as a subscriber of the user would. */
  async subscribe(topic: string): Promise<() => Promise<string[]>> {
    const { sns, sqs } = this.operator;
    const TopicArn = this.template.made.get(topic)!.ref;
    const QueueName = `to-${TopicArn.split(':').at(-1)}`.slice(0, 80);
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName }));
    const Endpoint = `arn:aws:sqs:${REGION}:${ACCOUNT}:${QueueName}`;
    await sns.send(
      new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint, Attributes: { RawMessageDelivery: 'true' } }),
    );
    return () => this.messages(QueueUrl!);
  }

  /**
   * Gives the functions again what failed and was kept, as the runbook says; returns how much that was. What fails
   * again is kept again.
   */
  async redrive(): Promise<number> {
    let redriven = 0;
    for (const [, { Properties }] of this.template.ofType('AWS::Lambda::EventInvokeConfig')) {
      const kept = await this.messages(queueUrl(this.template, Properties.DestinationConfig.OnFailure.Destination));
      const [id = ''] = this.template.references(Properties.FunctionName);
      for (const body of kept) await this.asynchronous.invoke(id, JSON.parse(body).requestPayload);
      redriven += kept.length;
    }
    return redriven;
  }

  /** Takes all messages out of a queue. */
  async messages(QueueUrl: string): Promise<string[]> {
    const { sqs } = this.operator;
    const bodies: string[] = [];
    for (;;) {
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
      if (Messages.length === 0) return bodies;
      for (const { Body, ReceiptHandle } of Messages) {
        bodies.push(Body!);
        await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      }
    }
  }

  /** The one resource of a type whose logical id begins so. */
  id(type: string, prefix: string): string {
    const found = this.template.ofType(type).filter(([id]) => id.startsWith(prefix));
    if (found.length !== 1) throw new Error(`${found.length} resources of ${type} begin with ${prefix}`);
    return found[0]![0];
  }

  async close(): Promise<void> {
    await this.functions.stop();
    this.receiver.close();
    this.gateway.close();
  }
}
