/** Synthesises the stack without bundling, so that a test of the template takes milliseconds. */
import { readFileSync } from 'node:fs';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { STAGES, type StageInput, stageConfig } from '../../cdk/config.ts';
import { StillwatchStack } from '../../cdk/stillwatch-stack.ts';

/** Every collector, of objects, logs, queues and requests, with the join. */
export const COLLECTORS: NonNullable<StageInput['collectors']> = {
  sources: { bedrock: { account: 'tenant', plain: ['tenant'] } },
  bedrockBucket: { name: 'bedrock-logs', prefix: 'logs/', kmsKeyArn: 'arn:aws:kms:eu-west-1:111122223333:key/k' },
  bedrockLogGroup: { name: '/bedrock/invocations', bodies: { name: 'bedrock-bodies' } },
  cloudTrail: { name: 'trail', prefix: 'AWSLogs/111122223333/CloudTrail/eu-west-1/' },
  litellmBucket: { name: 'litellm-logs' },
  litellmQueue: true,
  http: { accept: ['litellm', 'otel', 'cloudevents'], auth: 'hmac' },
};

/** Production with everything switched on: what holds here for every resource holds for every stage. */
export const FULL: StageInput = {
  ...STAGES.prod!,
  maxWriteUnits: 4000,
  monthlyBudgetUsd: 200,
  alertEmails: ['soc@example.com'],
  alarmEmails: ['oncall@example.com'],
  channels: {
    chat: true,
    pagerduty: { secret: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:stillwatch/pagerduty-AbCdEf' },
    webhook: {
      url: 'https://soar.example.com/stillwatch',
      secret: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:stillwatch/webhook-AbCdEf',
    },
    mail: { sender: 'stillwatch@example.com', recipients: ['oncall@example.com'] },
  },
  report: { sender: 'stillwatch@example.com', recipients: ['lead@example.com'] },
  collectors: COLLECTORS,
  dossier: { sign: 'ecdsa-p256', hold: true },
};

const { stream: _, ...withoutStream } = FULL;

/** The same with what makes a stage small: a queue, few alarms, no dashboard. */
export const FULL_SMALL: StageInput = { ...withoutStream, intake: 'queue', alarms: 'few', dashboard: false };

export const FEATURE_FLAGS = (
  JSON.parse(readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8')) as { context: Record<string, unknown> }
).context;

export function appOf(input: StageInput, context: Record<string, unknown> = {}): { app: App; stack: StillwatchStack } {
  const app = new App({
    builtinCloudFormationValidation: context['@aws-cdk/core:validateAgainstDefaultRules'] === true,
    context: {
      ...FEATURE_FLAGS,
      '@aws-cdk/core:validateAgainstDefaultRules': false,
      'aws:cdk:bundling-stacks': [],
      ...context,
    },
  });
  const stack = new StillwatchStack(app, 'Stillwatch-test', { config: stageConfig('test', { test: input }) });
  return { app, stack };
}

export function templateOf(input: StageInput = FULL): Template {
  return Template.fromStack(appOf(input).stack);
}

export interface Resource {
  id: string;
  Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: a template is JSON of a hundred shapes; the tests look into any of them.
  Properties: Record<string, any>;
  DeletionPolicy?: string;
}

export function resourcesOf(template: Template, type: string): Resource[] {
  const found = template.findResources(type) as Record<string, Omit<Resource, 'id'>>;
  return Object.entries(found).map(([id, resource]) => ({ id, ...resource, Properties: resource.Properties ?? {} }));
}

export function allResources(template: Template): Resource[] {
  const all = (template.toJSON() as { Resources: Record<string, Omit<Resource, 'id'>> }).Resources;
  return Object.entries(all).map(([id, resource]) => ({ id, ...resource, Properties: resource.Properties ?? {} }));
}
