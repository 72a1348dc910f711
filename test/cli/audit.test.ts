/** `stillwatch audit` over a folder, and over a deployment whose function answers. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { auditBy } from '../../cli/adapters/place/stack-audit.ts';
import type { Send } from '../../cli/adapters/place/stack-signed.ts';
import { FindingsRecount } from '../../cli/audit/recount-findings.ts';
import { auditCommand } from '../../cli/commands/audit.ts';
import type { Finding, Member } from '../../core/findings/finding.ts';
import { aUsage } from '../support/records.ts';

const at = (hour: number) => `2026-05-14T${String(hour).padStart(2, '0')}:00:00.000Z`;
const records = [0, 1, 2, 3, 4, 5].map((i) =>
  aUsage({ account: `a${i % 2}`, id: `x${i}`, time: at(i), tokens: { input: 1, output: 10 } }),
);
const finding = {
  id: 'cmp-1',
  state: 'opened',
  at: '2026-05-15T00:00:00.000Z',
  accounts: { certain: 1, probable: 1 },
  exchanges: 6,
  outputTokens: 60,
  window: { from: at(0), to: at(5) },
  capabilities: [] as Finding['capabilities'],
} as Finding;
const members = ['a0', 'a1'].map(
  (account): Member => ({
    finding: 'cmp-1',
    account,
    confidence: account === 'a0' ? 'certain' : 'probable',
    claimed: finding.at,
    since: at(0),
  }),
);

function driftOf(told: Finding, given = records) {
  const recount = new FindingsRecount([{ finding: told, roster: members }], 90);
  for (const record of given) recount.add(record);
  const drift = recount.drift().map(({ figure, recorded, recounted }) => [figure, recorded, recounted]);
  recount.remove();
  return drift;
}

describe('findings counted again from their records', () => {
  it('have no drift, also where records are repeated or come after the finding was told', () => {
    const later = aUsage({ account: 'a0', id: 'later', time: '2026-05-15T00:00:00.000Z' });
    expect(driftOf(finding, [...records, ...records, later, aUsage({ account: 'stranger' })])).toEqual([]);
  });

  it('tell each figure that is not what the records say', () => {
    expect(driftOf(finding, records.slice(0, 5))).toEqual([
      ['exchanges', '6 (60 output tokens)', '5 (50 output tokens)'],
      ['window', `${at(0)} to ${at(5)}`, `${at(0)} to ${at(4)}`],
    ]);
    expect(driftOf({ ...finding, accounts: { certain: 3, probable: 0 } })).toEqual([
      ['accounts', '3 (3 certain)', '2 (1 certain)'],
    ]);
  });

  it('tell a capability of which the records have more', () => {
    const capability = { task: 'reasoning_trace', exchanges: 6, share: 1, lift: 3 } as const;
    expect(driftOf({ ...finding, capabilities: [capability] }).map(([figure]) => figure)).toEqual(['capabilities']);
  });
});

describe('a deployment audits itself when it is asked to', () => {
  const ARN = 'arn:aws:lambda:eu-west-1:111122223333:function:Stillwatch-prod-Audit';
  const task = { scheduledTime: '2026-05-16T00:00:00.000Z', day: '2026-05-14' };
  const answering = (body: unknown, init: ResponseInit = {}) => {
    const send = vi.fn<Send>(async () => new Response(JSON.stringify(body), init));
    return { send, audited: () => auditBy(ARN, task, send) };
  };

  it('by its function, which alone may read the archive', async () => {
    const found = { day: '2026-05-14', audited: 500, drifted: 1, figures: ['exchanges'] };
    const { send, audited } = answering(found);
    expect(await audited()).toEqual(found);
    const [url, body] = send.mock.calls[0]!;
    expect(url.href).toBe(
      'https://lambda.eu-west-1.amazonaws.com/2015-03-31/functions/Stillwatch-prod-Audit/invocations',
    );
    expect(JSON.parse(body)).toEqual(task);
  });

  it('and a failure of it is no result', async () => {
    const failed = answering({ errorMessage: 'damaged Parquet' }, { headers: { 'x-amz-function-error': 'Unhandled' } });
    await expect(failed.audited()).rejects.toThrow('the audit failed: damaged Parquet');
    await expect(answering({}, { status: 403 }).audited()).rejects.toThrow('lambda:InvokeFunction');
  });
});

describe('a wrong call', () => {
  beforeEach(() => void vi.spyOn(console, 'log').mockImplementation(() => {}));
  afterEach(() => void vi.restoreAllMocks());

  it.each([
    [[], { at: 'folder' }, 'name the inputs of the replay'],
    [['x'], { at: 'folder', day: '2026-05-14' }, '--day: is for a deployment'],
    [['x'], { at: 'stack:Stillwatch-prod' }, 'leave the inputs out'],
    [['x'], { at: '/nowhere' }, '--at /nowhere'],
  ])('is one line with the remedy: %j %j', async (inputs, options, line) => {
    await expect(auditCommand(inputs, options)).rejects.toThrow(line);
  });
});
