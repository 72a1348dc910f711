/** Where usage comes in: a bus for convenience, and for volume the stream or the queue that it feeds. */
import { Duration } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { EventBus, type IEventBus, Rule } from 'aws-cdk-lib/aws-events';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { DETAIL_TYPES, type Records } from './records.ts';
import { RecordsQueue } from './records-queue.ts';
import { RecordsStream } from './records-stream.ts';
import { openTo } from './senders.ts';
import { deadLetters, type Shared } from './shared.ts';

export class Intake extends Construct {
  readonly bus: IEventBus;
  readonly records: Records;
  /** On while nothing arrives at all. */
  readonly silence: Alarm;
  /** Present where other accounts may send. */
  readonly senderRole?: IRole;

  constructor(scope: Construct, id: string, shared: Shared) {
    super(scope, id);
    const { config } = shared;
    const undelivered = deadLetters(
      this,
      'Undelivered',
      shared,
      `Records put on the bus did not reach the ${config.intake}.`,
    );
    this.bus = this.busOf(shared);
    this.records = config.intake === 'queue' ? new RecordsQueue(this, shared) : new RecordsStream(this, shared);
    for (const { id, detailTypes, target } of this.records.routes) {
      const eventPattern = { detailType: [...detailTypes] };
      new Rule(this, id, { eventBus: this.bus, eventPattern, targets: [target(undelivered)] });
    }
    if (config.senders) this.senderRole = openTo(this, config.senders.organisation, this.bus, this.records.putting);
    if (config.archiveDays > 0) {
      this.bus.archive('Archive', {
        description: 'Records of the bus, to be replayed through the same path.',
        eventPattern: { detailType: Object.values(DETAIL_TYPES) },
        retention: Duration.days(config.archiveDays),
      });
    }
    this.silence = shared.alarms.add(this, 'Silence', {
      severity: 'SEV1',
      metric: this.records.arriving(Duration.minutes(config.silenceMinutes)),
      threshold: 1,
      below: true,
      absence: true,
      means: `No usage arrived for ${config.silenceMinutes} minutes: nothing can be found in what is not sent.`,
      section: 'no-usage',
    });
  }

  private busOf({ config, key }: Shared): IEventBus {
    if (config.existing.bus) return EventBus.fromEventBusArn(this, 'Bus', config.existing.bus);
    const made = new EventBus(this, 'Bus', {
      description: `Stillwatch ${config.stage}: records in, findings out`,
      ...(key ? { kmsKey: key } : {}),
    });
    // The CDK's own types disagree on optional properties that may be undefined.
    return made as IEventBus;
  }
}
