import { ROLE_NAMES } from '../../core/cases/timers.ts';
import type { Settings } from '../../core/settings.ts';
import * as z from '../../core/zod.ts';
import { type Env, integer, json, text } from '../env.ts';
import { settings } from '../settings.ts';

/** Channels beside the topic, each where it is connected. Secrets are named, never held. */
const channelsSchema = z.strictObject({
  /** ARN of the topic that Amazon Q Developer in chat applications reads. */
  chat: z.optional(z.string()),
  /** `secret`: ARN of the secret of the integration's routing key. */
  pagerduty: z.optional(z.strictObject({ secret: z.string() })),
  /** `secret`: ARN of the secret of the signing key, `whsec_...`. */
  webhook: z.optional(z.strictObject({ url: z.url({ protocol: /^https$/ }), secret: z.string() })),
  mail: z.optional(
    z.strictObject({
      sender: z.string(),
      recipients: z.array(z.string()).check(z.minLength(1)),
      roles: z._default(z.partialRecord(z.enum(ROLE_NAMES), z.optional(z.string())), {}),
      configurationSet: z.string(),
    }),
  ),
});
export type ConnectedChannels = z.infer<typeof channelsSchema>;

export interface NotifyEnv {
  FINDINGS_TOPIC: string;
  OUTBOX_TABLE: string;
  FINDINGS_TABLE: string;
  CASES_TABLE: string;
  AGGREGATES_TABLE: string;
  SWEEP_BUCKET: string;
  CHANNELS: ConnectedChannels;
  SWEEP_HOURS: number;
  /** Of the program that was deployed. */
  VERSION: string;
  SETTINGS: Settings;
}

export function readEnv(env: Env): NotifyEnv {
  return {
    FINDINGS_TOPIC: text(env, 'FINDINGS_TOPIC'),
    OUTBOX_TABLE: text(env, 'OUTBOX_TABLE'),
    FINDINGS_TABLE: text(env, 'FINDINGS_TABLE'),
    CASES_TABLE: text(env, 'CASES_TABLE'),
    AGGREGATES_TABLE: text(env, 'AGGREGATES_TABLE'),
    SWEEP_BUCKET: text(env, 'SWEEP_BUCKET'),
    CHANNELS: json(env, 'CHANNELS', (value) => channelsSchema.parse(value)),
    SWEEP_HOURS: integer(env, 'SWEEP_HOURS', 1, 24),
    VERSION: text(env, 'VERSION'),
    SETTINGS: settings(env),
  };
}
