/** A watch alarm as an envelope: no finding, a key per cause, severity SEV2. */
import type { WatchAlarm } from '../watch/watch.ts';
import { ALERT_SCHEMA, digestId, type EnvelopeHead } from './envelope.ts';
import { type MessageSettings, runbookOf } from './settings.ts';
import { watchActions, watchTitle } from './watch-text.ts';

export interface WatchEnvelope extends EnvelopeHead {
  message: 'watch' | 'cleared';
  finding: null;
  severity: 'SEV2';
  /** When this message was due. RFC 3339. */
  at: string;
  watch: Omit<WatchAlarm, 'at' | 'sequence'>;
}

export function watchEnvelope(alarm: WatchAlarm, settings: MessageSettings): WatchEnvelope {
  const { deployment } = settings;
  const { cause, state, at, since, value, limit, unit, sequence } = alarm;
  const message = state === 'opened' ? 'watch' : 'cleared';
  return {
    schema: ALERT_SCHEMA,
    messageId: digestId(deployment, `watch/${cause}`, at, message),
    message,
    sequence,
    deployment,
    dedupKey: `stillwatch/${deployment}/watch/${cause}`,
    title: watchTitle(alarm),
    finding: null,
    severity: 'SEV2',
    at,
    watch: { cause, state, since, value, limit, unit },
    actions: watchActions(cause),
    links: { runbook: runbookOf(settings, `watch-${cause.replaceAll('_', '-')}`) },
    ...(settings.build ? { build: settings.build } : {}),
  };
}
