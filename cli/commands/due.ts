/** `list --undelivered` and `list --ending`: what somebody has to look after. */
import { endOf, silencesOf } from '../../core/cases/cover.ts';
import type { CasesNow } from '../../core/cases/now.ts';
import { ESCALATE_MS } from '../../core/outbox/outbox.ts';
import type { ToldMessage } from '../../core/place.ts';
import { isoTime } from '../../core/records/time.ts';
import { durationMs } from '../../core/settings.ts';
import { InputError } from '../adapters/input/input-error.ts';
import { scopeWords } from './case-words.ts';
import { table } from './tables.ts';

/** Given up, or a SEV1 that waits for longer than it may. */
export function printUndelivered(messages: readonly ToldMessage[], now: number, json?: boolean): void {
  const rows = messages.flatMap(({ at, message, deliveries }) =>
    deliveries
      .filter(({ state }) => state === 'failed' || (state === 'pending' && isLate(message, at, now)))
      .map(({ channel, state, attempts, error }) => ({
        at,
        messageId: message.messageId,
        finding: message.finding?.id ?? 'watch',
        title: message.title,
        channel,
        state,
        attempts,
        ...(error === undefined ? {} : { error }),
      })),
  );
  if (json) console.log(JSON.stringify(rows));
  else if (rows.length === 0) console.log('every message is delivered');
  for (const { at, channel, state, attempts, title, error } of json ? [] : rows)
    console.log(`${at}  ${channel}: ${state} after ${attempts} attempts${error ? `, ${error}` : ''}  ${title}`);
}

function isLate({ finding }: ToldMessage['message'], at: string, now: number): boolean {
  return finding?.severity === 'SEV1' && now - Date.parse(at) >= ESCALATE_MS;
}

/** Silences that are over soon, the next first. */
export function printEnding({ log, states }: CasesNow, now: number, within: string, json?: boolean): void {
  const ms = durationMs(within);
  if (ms === undefined) throw new InputError(`--ending ${within}: must be a duration, as 14d`);
  const rows = [
    ...silencesOf(log).map((silence) => {
      const { id, owner, reason, scope, action } = silence.entry;
      return { id, kind: action as string, until: endOf(silence), owner, reason, about: scopeWords(scope) };
    }),
    ...[...states.values()].flatMap(({ finding, snooze }) =>
      snooze ? [{ id: finding, kind: 'snooze', ...pick(snooze), about: `finding ${finding}` }] : [],
    ),
  ]
    .filter(({ until }) => until > isoTime(now) && until <= isoTime(now + ms))
    .sort((a, b) => (a.until < b.until ? -1 : 1));
  if (json) {
    console.log(JSON.stringify(rows));
    return;
  }
  if (rows.length === 0) {
    console.log(`nothing ends within ${within}`);
    return;
  }
  const cells = rows.map(({ id, kind, until, owner, about, reason }) => [
    id,
    kind,
    until.slice(0, 16),
    owner,
    about,
    reason,
  ]);
  for (const line of table(['id', 'kind', 'ends', 'owner', 'about', 'reason'], cells)) console.log(line);
}

const pick = ({ until, owner, reason }: { until: string; owner: string; reason: string }) => ({ until, owner, reason });
