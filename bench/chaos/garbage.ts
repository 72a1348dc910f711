/** Records that must be set aside, each with the reason that must be given for it. */
import { DAY_MS, isoTime } from '../../core/records/time.ts';

export interface Garbage {
  payload: string | Uint8Array;
  path: string;
  /** What the reason says, or begins with. */
  reason: string;
}

type Maker = (good: Record<string, unknown>, now: number) => Garbage;

const MAKERS: readonly Maker[] = [
  () => ({ payload: '{"type":"usage","id":"cut off he', path: '', reason: 'not JSON' }),
  () => ({ payload: '', path: '', reason: 'not JSON' }),
  () => ({ payload: Uint8Array.of(0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d), path: '', reason: 'not JSON' }),
  () => ({ payload: '["usage"]', path: '', reason: 'not a JSON object' }),
  () => ({ payload: 'null', path: '', reason: 'not a JSON object' }),
  (good) => ({ payload: JSON.stringify({ ...good, type: 'invoice' }), path: 'type', reason: 'not one of usage' }),
  (good) => ({ payload: JSON.stringify({ ...good, tokens: undefined }), path: 'tokens', reason: 'missing' }),
  (good) => ({
    payload: JSON.stringify({ ...good, tokens: { input: -1, output: 1 } }),
    path: 'tokens.input',
    reason: 'not a whole number',
  }),
  (good) => ({
    payload: JSON.stringify({ ...good, network: { ip: '192.0.2.7' } }),
    path: 'network.ip',
    reason: 'not a fingerprint',
  }),
  (good) => ({ payload: JSON.stringify({ ...good, time: 'yesterday' }), path: 'time', reason: 'not an RFC 3339 time' }),
  (good, now) => ({
    payload: JSON.stringify({ ...good, time: isoTime(now + DAY_MS) }),
    path: 'time',
    reason: 'more than 10 minutes in the future',
  }),
  (good, now) => ({
    payload: JSON.stringify({ ...good, time: isoTime(now - 92 * DAY_MS) }),
    path: 'time',
    reason: 'older than the retention of 90 days',
  }),
  (good) => ({
    payload: JSON.stringify({ ...good, id: undefined }).replace('{', '{"__proto__":{"id":"x"},'),
    path: 'id',
    reason: 'missing',
  }),
];

export function garbage(pick: number, time: string, now: number): Garbage {
  const good = {
    type: 'usage',
    id: `bad_${pick}`,
    time,
    account: 'k_bad',
    model: 'm',
    tokens: { input: 1, output: 1 },
  };
  return MAKERS[pick % MAKERS.length]!(good, now);
}
