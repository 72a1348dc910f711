/** What a replay would have sent, on every channel, held against its findings and its records. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Finding } from '../../core/findings/finding.ts';
import { BENIGN_CAUSES } from '../../core/findings/transition.ts';
import type { FindingEnvelope } from '../../core/messages/envelope.ts';
import type { StillwatchRecord } from '../../core/records/schema.ts';
import { filesUnder, ndjson, replay, type Scratch, scratch, simulated } from '../support/cli.ts';

const GRAMMAR =
  /^\[(SEV[123]|INFO)\] ((UPDATE|UNACKED|REOPENED|CLEARED) )?(Distillation|Coordinated abuse|Key sharing|Account takeover|Volume anomaly) [a-z0-9-]{1,16}(: [^:]+)?$/;
const KINDS = ['txt', 'json', 'sns.json', 'chat.json', 'pagerduty.json', 'webhook.http', 'eml'];
const CANARY = 'canary5f3a';
const CANARY_ASN = 4_212_345_678;

let tmp: Scratch;
let records: StillwatchRecord[];
let findings: Finding[];
let outbox: Map<string, string>;

/** Every account and fingerprint says what it is, and unknown fields lie beside the known ones. */
function planted(record: StillwatchRecord): unknown {
  const marked = {
    ...record,
    note: `${CANARY}-unknown`,
    ...('account' in record ? { account: mark(record.account) } : {}),
  };
  if (record.type !== 'usage') return marked;
  const { network = {}, client = {}, prompt = {} } = record;
  return {
    ...marked,
    network: { ...network, asn: network.asn === undefined ? undefined : CANARY_ASN + (network.asn % 7) },
    client: marks(client),
    prompt: { ...prompt, ...(prompt.template ? { template: mark(prompt.template) } : {}), text: `${CANARY}-text` },
  };
}
const mark = (value: string) => `${CANARY}-${value}`;
const marks = (values: Record<string, string | undefined>) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value && mark(value)]));

beforeAll(async () => {
  tmp = scratch();
  ({ records } = simulated());
  await replay([tmp.file('world.ndjson', ndjson(records.map(planted)))], tmp.at('out'));
  findings = readFileSync(tmp.at('out', 'findings.ndjson'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Finding);
  outbox = new Map([...filesUnder(tmp.at('out', 'outbox'))].map(([name, bytes]) => [name, `${bytes}`]));
});
afterAll(() => tmp.remove());

const envelopes = () =>
  [...outbox]
    .filter(([name]) => /-(opened|updated|reopened|cleared)\.json$/.test(name))
    .map(([, text]) => JSON.parse(text) as FindingEnvelope);

describe('the outbox of a replay', () => {
  it('holds every message in the shape of every channel, named by time, finding and message', () => {
    expect(findings.length).toBeGreaterThan(1);
    for (const { at, id, state } of findings) {
      const name = `${at.replace(/[:.]/g, '-')}-${id}-${state}`;
      for (const kind of KINDS) expect([...outbox.keys()], name).toContain(`${name}.${kind}`);
    }
  });

  it('tells the finding as it stands in findings.ndjson, and every innocent cause with its result', () => {
    expect(envelopes().map(({ finding }) => finding)).toHaveLength(findings.length);
    for (const told of envelopes()) {
      expect(findings).toContainEqual(told.finding);
      expect(told.benign.map(({ cause }) => cause)).toEqual([...BENIGN_CAUSES]);
      expect(told.actions.length).toBeGreaterThan(0);
    }
  });

  it('has titles by the grammar in 78 characters, and first screens of at most 900', () => {
    const texts = [...outbox].filter(([name]) => name.endsWith('.txt'));
    expect(texts.filter(([name]) => !name.endsWith('-reminder.txt'))).toHaveLength(findings.length);
    for (const [name, text] of texts) {
      const [screen] = text.split(/\n-{96}\n/);
      expect(text.split('\n')[0], name).toMatch(GRAMMAR);
      expect(text.split('\n')[0]!.length, name).toBeLessThanOrEqual(78);
      expect(screen!.length, name).toBeLessThanOrEqual(900);
    }
  });

  it('gives all messages of a finding one key, one thread and one incident', () => {
    for (const { id } of findings) {
      const own = [...outbox].filter(([name]) => name.includes(`-${id}-`));
      const keys = own
        .filter(([name]) => name.endsWith('.pagerduty.json'))
        .map(([, text]) => JSON.parse(text).dedup_key);
      expect(new Set(keys)).toEqual(new Set([`stillwatch/local/${id}`]));
      const threads = own.filter(([name]) => name.endsWith('.chat.json')).map(([, text]) => JSON.parse(text).metadata);
      expect(new Set(threads.map(({ threadId }) => threadId))).toEqual(new Set([id]));
    }
  });

  it('says nothing of an account, a fingerprint, a network or an unknown field, in no file and not in the report', () => {
    expect(readFileSync(tmp.at('out', 'members.ndjson'), 'utf8')).toContain(CANARY);
    const all = [...outbox, ['report.html', readFileSync(tmp.at('out', 'report.html'), 'utf8')] as const];
    for (const [name, text] of all) {
      expect(text.includes(CANARY), name).toBe(false);
      expect(text.includes(String(CANARY_ASN).slice(0, 8)), name).toBe(false);
    }
  });
});
