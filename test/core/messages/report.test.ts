import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { CaseEntry } from '../../../core/cases/entry.ts';
import type { Classification } from '../../../core/findings/finding.ts';
import type { ShadowEvidence, Transition } from '../../../core/findings/transition.ts';
import { envelope } from '../../../core/messages/envelope.ts';
import { buildReport, type Health, type ReportInput } from '../../../core/messages/report-data.ts';
import { decisions } from '../../../core/messages/report-decisions.ts';
import { reportJson } from '../../../core/messages/report-files.ts';
import { reportHtml } from '../../../core/messages/report-html.ts';
import { dailyMail, MAIL_HTML_LIMIT, reportSubject, weeklyMail } from '../../../core/messages/report-mail.ts';
import { weeklySections } from '../../../core/messages/report-sections.ts';
import { REPORT_CSS } from '../../../core/messages/report-style.ts';
import { dossierWords, stateWords, unacked } from '../../../core/messages/report-tables.ts';
import { verdict } from '../../../core/messages/report-verdict.ts';
import { bottomLine, underHeadline } from '../../../core/messages/report-words.ts';
import type { Delivery, ToldMessage } from '../../../core/place.ts';
import { expectGolden } from './golden.ts';
import { CLEARED, OPENED, SETTINGS, UPDATED } from './sample.ts';
import { DECIDED, ENDED, MADE, REPORT_INPUT, WEEK } from './sample-report.ts';

const report = (change: Partial<ReportInput> = {}) => buildReport({ ...REPORT_INPUT, ...change });
const week = WEEK;
const LEAVE = { mail: 'stillwatch@example.com' };
const health = (change: Partial<Health>): Health => ({ ...REPORT_INPUT.health, ...change });

describe('detectors in shadow', () => {
  const saw = (strength: number, nats: ShadowEvidence['nats'], classification: Classification): ShadowEvidence => ({
    evidence: [
      { group: 'schedule', detector: 'pool-rhythm', observed: 1, expected: 0.5, unit: 'share', strength },
      { group: 'content', detector: 'output-contract', observed: 1, expected: 1, unit: 'share', strength: -0.1 },
    ],
    nats,
    classification,
  });
  const abuse = (transition: Transition, shadow: ShadowEvidence): Transition => ({
    finding: { ...transition.finding, classification: 'coordinated_abuse' },
    context: { ...transition.context, shadow },
  });
  const transitions = [
    abuse(UPDATED, saw(4, { without: 11.2, with: 13.4 }, 'distillation')),
    abuse(ENDED, saw(2, { without: 9, with: null }, 'coordinated_abuse')),
  ];
  const alerting = (change: Partial<ReportInput>) =>
    weeklySections(report({ period: week, ...change })).find(({ title }) => title === 'Alerting')!.lines!;

  it('are said for how many campaigns they speak, how strongly, and what they would change', () => {
    expect(alerting({ transitions }).filter((line) => /shadow|if counted/.test(line))).toEqual([
      'in shadow, output-contract speaks for 0 of 2 campaigns',
      'in shadow, pool-rhythm speaks for 2 of 2 campaigns: 4.0 nats (median), 4.0 at most',
      `if counted, ${UPDATED.finding.id}: 13.4 nats, distillation instead of 11.2 nats`,
      `if counted, ${ENDED.finding.id}: not let through instead of 9.0 nats`,
    ]);
  });

  it('are counted for programs too, and are nothing where none is in shadow', () => {
    const json = JSON.parse(reportJson(report({ period: week, transitions }))) as { alerting: { shadow: object } };
    expect(json.alerting.shadow).toMatchObject({ campaigns: 2, detectors: [{ speaksFor: 0 }, { speaksFor: 2 }] });
    expect(reportJson(report())).not.toContain('shadow');
    expect(alerting({}).join()).not.toContain('shadow');
  });
});

describe('the report counts what happened', () => {
  it('is the same whatever the order of the transitions', () => {
    const reversed = [...REPORT_INPUT.transitions].reverse();
    expect(report({ transitions: reversed })).toEqual(report());
  });

  it('shows each finding once, as it last was, with all that happened to it', () => {
    const [first] = report().campaigns;
    expect(first!.finding).toBe(UPDATED.finding);
    expect(first!.events.map((event) => event.message)).toEqual(['opened', 'updated']);
    expect(report().campaigns.map((each) => each.open)).toEqual([true, false]);
  });

  it('counts what came after the last message, under the state that was told', () => {
    const grown = { ...OPENED, finding: { ...UPDATED.finding, reason: 'not told' }, context: UPDATED.context };
    const [item] = report({ transitions: [OPENED], current: [grown] }).campaigns;
    expect(item!.finding).toMatchObject({ exchanges: 865_200, state: 'opened', at: OPENED.finding.at });
    expect(item!.finding.reason).toBeUndefined();
    expect(item!.events).toHaveLength(1);
  });

  it('leaves out what was cleared before the period and what came after it', () => {
    expect(
      report({
        period: week,
        transitions: [{ ...ENDED, finding: { ...ENDED.finding, at: '2026-06-14T00:00:00.000Z' } }],
      }).campaigns,
    ).toEqual([]);
    expect(report({ transitions: [UPDATED, CLEARED] }).campaigns[0]!.open).toBe(true);
  });

  it('adds the output of campaigns up per day, and none of it twice after a merge', () => {
    const tokens = UPDATED.context.daily.reduce((sum, day) => sum + day.outputTokens, 0);
    expect(report({ transitions: [UPDATED] }).now.campaigns).toBe(tokens);
    const links = [{ finding: 'cmp-7f3a91', relation: 'merged_into' as const }];
    const merged = { ...UPDATED, finding: { ...UPDATED.finding, id: 'cmp-merged', state: 'cleared' as const, links } };
    expect(report({ transitions: [UPDATED, merged] }).now.campaigns).toBe(tokens);
    expect(
      report()
        .perDay.map((day) => day.from)
        .slice(0, 2),
    ).toEqual(['2026-06-12', '2026-06-13']);
  });

  it('expects false findings once per sweep, not once per message', () => {
    const twin = { ...UPDATED, finding: { ...UPDATED.finding, id: 'cmp-twin' } };
    expect(report({ transitions: [UPDATED, twin] }).told).toEqual({ messages: 2, pages: 2, expectedFalse: 0.006 });
  });
});

describe('a report says all clear only when it can know', () => {
  const empty = { period: week, transitions: [] };

  it('with every sweep, enough coverage and nothing open', () => {
    expect(reportSubject(report(empty))).toBe('[Stillwatch] Weekly 15-21 Jun: all clear, coverage 99.2%');
    expect(decisions(report({ ...empty, cases: [] }))).toEqual([]);
  });

  it.each([
    ['records were missing', health({ coverage: 0.881 }), 'nothing found, watch incomplete (88.1%)'],
    ['a sweep was missed', health({ sweepsMissed: 1 }), 'nothing found, watch incomplete (99.2%)'],
    [
      'counts do not recount',
      health({ audit: { audited: 640, drifted: 1 } }),
      'nothing found, watch incomplete (99.2%)',
    ],
    ['no sweep ran', health({ sweeps: 0 }), 'nothing found, watch incomplete (99.2%)'],
  ])('not when %s', (_, state, answer) => {
    expect(reportSubject(report({ ...empty, health: state }))).toBe(`[Stillwatch] Weekly 15-21 Jun: ${answer}`);
  });

  it('in a long month too, and never by cutting the warning off', () => {
    const period = { from: '2026-06-29T00:00:00.000Z', to: '2026-07-06T00:00:00.000Z' };
    const subject = reportSubject(report({ period, transitions: [], health: health({ coverage: 0.5 }) }));
    expect(subject).toBe('[Stillwatch] Weekly 29 Jun-5 Jul: nothing found, watch incomplete (50.0%)');
  });

  it('not while a finding above INFO is open, but an INFO one does not disturb it', () => {
    expect(verdict(report())).toBe('findings');
    const quiet = { ...UPDATED, finding: { ...UPDATED.finding, severity: 'INFO' as const } };
    expect(verdict(report({ transitions: [quiet] }))).toBe('all_clear');
  });
});

describe('the bottom line', () => {
  it('answers in three sentences: who, how much, how well watched', () => {
    expect(bottomLine(report())).toEqual([
      'One campaign is collecting model outputs: cmp-7f3a91 (SEV1, growing). One campaign ended.',
      'Campaigns received 1.65B output tokens, 2.5% of all 66.4B; in as many days before none.',
      'The watch worked: coverage 99.2%, 10 of 10 sweeps, recount drift 0.',
    ]);
    expect(underHeadline(report())[0]).toBe('It is cmp-7f3a91 (SEV1, growing). One campaign ended.');
  });

  it('does not invent a share without totals', () => {
    expect(bottomLine(report({ population: [] }))[1]).toMatch(/not known/);
  });

  it('asks for the missing records where coverage was too low', () => {
    expect(decisions(report({ health: health({ coverage: 0.9 }) }))).toContainEqual({
      what: 'Find the missing records: coverage was 90.0%',
      owner: 'on-call',
      by: '2026-06-22',
    });
  });
});

describe('what people decided', () => {
  const members = Array.from({ length: 3 }, (_, i) => ({
    finding: 'cmp-7f3a91',
    account: `k_${i}`,
    confidence: 'certain' as const,
    claimed: '2026-06-14T00:00:00.000Z',
    since: '2026-06-12T03:41:09.212Z',
  }));
  const seen = {
    dataTo: '2026-06-21T23:58:44.031Z',
    daily: UPDATED.context.daily,
    reach: Object.fromEntries(members.map(({ account }) => [account, { org: 'o_1' }])),
  };
  const findings = new Map([['cmp-7f3a91', { members, seen }]]);
  const excepted = (change: object = {}): CaseEntry => ({
    seq: 1,
    by: 'mara',
    at: '2026-06-15T08:00:00.000Z',
    action: 'exception',
    id: 'exc-1',
    scope: { org: 'o_1' },
    classifications: ['distillation'],
    until: '2026-08-01T00:00:00.000Z',
    reason: 'red team',
    owner: 'red team lead',
    approvedBy: 'tom',
    ...change,
  });
  const told = (entry: CaseEntry) => report({ transitions: [OPENED, UPDATED], cases: [entry], findings });

  it('asks nobody to throttle or acknowledge a campaign of which every certain account is excepted', () => {
    const covered = told(excepted());
    expect(covered.campaigns[0]!.case.state).toBe('covered');
    expect(stateWords(covered.campaigns[0]!)).toContain('excepted to 1 Aug');
    expect(decisions(covered)).toEqual([]);
    expect(unacked(covered)).toEqual([]);
  });

  it('is what the command line says: an exception of another class, or of one account of three, covers nothing', () => {
    for (const change of [{ classifications: ['key_sharing'] }, { scope: { account: 'k_0' } }]) {
      const open = told(excepted(change));
      expect(open.campaigns[0]!.case.state).toBe('new');
      expect(decisions(open)[0]!.what).toMatch(/^Throttle/);
    }
  });

  it('names a silence that is near its ceiling before it is passed', () => {
    const most = Math.max(...UPDATED.context.daily.map(({ exchanges }) => exchanges));
    const words = (ceiling: number) =>
      weeklyMail(
        report({ period: WEEK, transitions: [OPENED, UPDATED], cases: [excepted({ ceiling })], findings }),
        LEAVE,
      ).text.replaceAll(/\s+/g, ' ');
    expect(words(Math.ceil(most / 0.9))).toContain('at 90% of its ceiling');
    expect(words(most * 10)).not.toContain('of its ceiling');
  });

  it('shows which dossier was made of a campaign and whether its records are held, and says where none was', () => {
    const { campaigns } = report();
    expect(campaigns[0]!.dossiers.map((made) => dossierWords(made))).toEqual([
      'internal dossier of 14 Jun, root 6d0f1a2b3c4d5e60',
      'external dossier of 17 Jun, root 6d0f1a2b3c4d5e61, its records held',
    ]);
    const later = report({ period: { ...WEEK, to: '2026-06-16T00:00:00.000Z' }, dossiers: MADE });
    expect(later.campaigns[0]!.dossiers).toHaveLength(1);
    expect(weeklyMail(report({ period: WEEK, dossiers: [] }), LEAVE).text).toContain(
      'confirmed, and no dossier of it was made',
    );
  });
});

describe('what the deployment says of itself', () => {
  const weekly = (change: Partial<ReportInput> = {}) => {
    const mail = weeklyMail(report({ period: WEEK, ...change }), LEAVE);
    return { ...mail, words: mail.text.replaceAll(/\s+/g, ' ') };
  };

  it('is what the week cost, per million records, and what a month at this rate will', () => {
    expect(weekly().words).toContain('COST USD 61.20, USD 1.86 per million records, 30 days at this rate USD 262');
    expect(weekly({ cost: { usd: 1234.5, estimated: true } }).words).toContain(
      'USD 1,234.50, USD 37.52 per million records, 30 days at this rate USD 5,291; the bill is not final',
    );
    const none = health({ records: 0 });
    expect(weekly({ health: none }).words).toContain('COST USD 61.20, 30 days at this rate USD 262');
  });

  it('is why the bill is not known, where nobody may read it, and nothing where there is none', () => {
    const unknown = 'Cost Explorer answered 400 AccessDeniedException';
    expect(weekly({ cost: { unknown } }).words).toContain(`COST not known: ${unknown}`);
    const { cost: _, ...free } = REPORT_INPUT;
    expect(weeklyMail(buildReport({ ...free, period: WEEK }), LEAVE).text).not.toContain('COST');
  });

  it('is how many messages were given up, and where they lie', () => {
    expect(weekly().words).toContain('2 dead letters: 2 in prod-IntakeUndelivered');
    expect(weekly({ deadLetters: { queues: 9, waiting: [] } }).words).toContain('no dead letter in 9 queues');
    expect(weekly({ deadLetters: { unknown: 'SQS was not reached' } }).words).toContain(
      'dead letters not known: SQS was not reached',
    );
  });

  it('is what was changed in detectors and settings, or that nothing was', () => {
    expect(weekly().words).toContain('settings.alerts.fold: was "6h", is "4h"');
    expect(weekly({ changes: [] }).words).toContain('DETECTORS AND SETTINGS none changed');
    const change = (name: string) => ({ what: `settings.${name}`, is: '1' });
    expect(weekly({ changes: ['a', 'b', 'c', 'd', 'e'].map(change) }).words).toContain('and 2 more');
  });

  it('is how many readers mail does not reach, and never whose address it is', () => {
    const mail = weekly();
    expect(mail.words).toContain('mail does not reach 1 of 3 recipients of reports');
    const files = mail.attachments.map(({ content }) => new TextDecoder('latin1').decode(content));
    for (const said of [mail.text, mail.html, ...files]) expect(said).not.toMatch(/@acme\.example/i);
    const before = {
      recipients: ['a@x.example'],
      unreachable: [{ address: 'a@x.example', why: 'bounce' as const, at: '2026-06-22T00:00:01.000Z' }],
    };
    expect(weekly({ mail: before }).words).not.toContain('does not reach');
  });

  it('is which silences nobody answers for any more: mail to their owner comes back', () => {
    const at = '2026-06-16T10:05:00.000Z';
    const cases = DECIDED.map((entry) =>
      entry.action === 'exception' ? { ...entry, owner: 'Mara@acme.example' } : entry,
    );
    const mail = { recipients: [], unreachable: [{ address: 'mara@acme.example', why: 'bounce' as const, at }] };
    expect(weekly({ cases, mail }).words).toContain('1 owner unreachable');
    expect(weekly({ cases, mail }).words).toContain('(unreachable), ends 3 Jul');
    expect(weekly({ cases }).words).not.toContain('owner unreachable');
  });

  it('stands in the page and in report.json with the same digits', () => {
    const data = report({ period: WEEK });
    expect(reportHtml(data)).toContain('USD 61.20, USD 1.86 per million records');
    const json = JSON.parse(reportJson(data)) as { cost: object; watch: object; changes: object };
    expect(json.cost).toMatchObject({ usd: 61.2, thirtyDays: expect.closeTo(262.29, 2) as number });
    expect(json.watch).toMatchObject({ deadLetters: { queues: 9 }, reach: { recipients: 3, unreachable: 1 } });
    expect(json.changes).toEqual([{ what: 'settings.alerts.fold', was: '"6h"', is: '"4h"' }]);
  });
});

describe('the page stands alone', () => {
  const page = reportHtml(report());

  it('reads as agreed', () => expectGolden('report.html', page));

  it('runs no script and asks nothing of the network', () => {
    expect(page).not.toMatch(/<(script|link|iframe|object|embed|img|form|base)\b/i);
    expect(page).not.toMatch(/\son\w+=|@import|url\(|javascript:/i);
    expect(page).not.toMatch(/https?:/);
  });

  it('is the same each time, whatever was drawn before', () => expect(reportHtml(report())).toBe(page));

  it('names every chart and every table, and no id twice', () => {
    expect(page.match(/<svg /g)!.length).toBe(page.match(/<svg [^>]*role="img" aria-label="[^"]{40,}"/g)!.length);
    expect(page.match(/<table/g)!.length).toBe(page.match(/<caption>/g)!.length);
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('shows the four figures, the range and the error of each finding', () => {
    for (const figure of ['3,310-4,120', '865,200', '12-21 Jun', 'software engineering', '708,340', 'q = 0.002']) {
      expect(page).toContain(figure);
    }
  });

  it('does not break on an empty period or a finding without days', () => {
    expect(reportHtml(report({ transitions: [], population: [] }))).toContain('No finding was open or cleared');
    const bare = {
      finding: { ...OPENED.finding, capabilities: [], evidence: [] },
      context: { ...OPENED.context, daily: [], benign: [] },
    };
    expect(reportHtml(report({ transitions: [bare] }))).toContain('cmp-7f3a91');
  });
});

describe('text can be read in light and in dark', () => {
  const [light, dark] = [...REPORT_CSS.matchAll(/:root\{([^}]*)\}/g)].map(([, block]) => colours(block!));

  it.each(['ink', 'quiet', 'accent', 'data'])('%s on paper and on the tinted box', (name) => {
    for (const scheme of [light!, dark!]) {
      expect(contrast(scheme[name]!, scheme.paper!)).toBeGreaterThanOrEqual(4.5);
      expect(contrast(scheme[name]!, scheme.wash!)).toBeGreaterThanOrEqual(4.5);
    }
  });

  it('and every bar stands out from the paper', () => {
    for (const scheme of [light!, dark!]) expect(contrast(scheme['data-2']!, scheme.paper!)).toBeGreaterThanOrEqual(3);
  });
});

describe('the weekly mail', () => {
  const weekly = report({ period: week, health: health({ sweeps: 7 }) });
  const mail = weeklyMail(weekly, LEAVE);
  const file = (name: string) =>
    new TextDecoder().decode(mail.attachments.find((part) => part.filename === name)!.content);

  it('reads as agreed', () => {
    expect(mail.subject).toBe('[Stillwatch] Weekly 15-21 Jun: 2 open, 1 cleared, 4 decisions');
    expectGolden('report-mail.txt', mail.text);
    expectGolden('report-mail.html', mail.html);
    expectGolden('report.json', file('report.json'));
  });

  it('answers in its first ten lines: is it happening, what changed, did the watch work, who decides what by when', () => {
    const first = mail.text.split('\n').slice(0, 10).join('\n');
    for (const said of ['collecting model outputs', 'the week before', 'The watch worked', 'trust lead  Mon 22 Jun'])
      expect(first).toContain(said);
  });

  it('says the same as text and as HTML', () => {
    const words = (text: string) => new Set(text.match(/[\w.,%-]*\d[\w.,%-]*/g));
    const seen = mail.html
      .replace(/style="[^"]*"|width="\d+"|height="\d+"/g, '')
      .replace(/alt="([^"]*)"/g, '>$1<')
      .replace(/<[^>]*>/g, ' ')
      .replaceAll('&gt;', '>')
      .replaceAll('&lt;', '<');
    const numbered = /^\d$/;
    expect([...words(mail.text)].filter((word) => !words(seen).has(word) && !numbered.test(word))).toEqual([]);
    expect([...words(seen)].filter((word) => !words(mail.text).has(word) && !numbered.test(word))).toEqual([]);
  });

  it('shows at most three items of a kind and says where the rest is', () => {
    const many = Array.from({ length: 20 }, (_, index) => ({
      ...UPDATED,
      finding: { ...UPDATED.finding, id: `cmp-${index}` },
    }));
    const { html, text } = weeklyMail(report({ transitions: many, period: week }), LEAVE);
    expect(text).toContain('and 17 more in campaigns.csv');
    expect(html).toContain('and 17 more in campaigns.csv');
  });

  it('brings page, data and pictures along, loads nothing and names no account', () => {
    expect(mail.attachments.map((part) => part.filename)).toEqual([
      'days.png',
      'tasks.png',
      'share.png',
      'report.html',
      'report.json',
      'campaigns.csv',
      'consumers.csv',
      'exceptions.csv',
    ]);
    expect([...mail.html.matchAll(/src="([^"]*)"/g)].map(([, source]) => source)).toEqual([
      'cid:days',
      'cid:tasks',
      'cid:share',
    ]);
    expect(mail.html).not.toMatch(/<(script|link|style)\b|https?:|url\(/i);
    expect(mail.html.length).toBeLessThanOrEqual(MAIL_HTML_LIMIT);
    expect(file('exceptions.csv')).not.toContain('k_load');
    expect(file('report.json')).not.toMatch(/k_load|o_5521|reseller of record/);
  });

  it('names each file by its hash, so that what was mailed can be told from what was changed', () => {
    for (const { filename, content } of mail.attachments.filter(({ contentId }) => !contentId))
      expect(mail.text).toContain(`${filename} SHA-256 ${createHash('sha256').update(content).digest('hex')}`);
  });

  it('keeps its subject within 78 characters', () => {
    const many = Array.from({ length: 400 }, (_, index) => ({
      ...UPDATED,
      finding: { ...UPDATED.finding, id: `cmp-${index}` },
    }));
    const period = { from: '2026-05-28T00:00:00.000Z', to: '2026-06-22T00:00:00.000Z' };
    expect(reportSubject(report({ transitions: many, period })).length).toBeLessThanOrEqual(78);
  });

  it('is sent also when all is clear, and then says what would have been seen', () => {
    const quiet = weeklyMail(report({ period: week, transitions: [], cases: [] }), LEAVE);
    expect(quiet.subject).toBe('[Stillwatch] Weekly 15-21 Jun: all clear, coverage 99.2%');
    expect(quiet.text).toContain('WHAT WOULD HAVE BEEN SEEN');
    expect(quiet.text).toMatch(/Smaller\s+and slower campaigns may have gone unseen/);
    expect(quiet.attachments.filter(({ contentId }) => contentId)).toEqual([]);
  });

  it('tells machines from people, and readers how to leave', () => {
    expect(mail.headers).toMatchObject({
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
      'List-Id': 'Stillwatch <acme-prod.stillwatch.invalid>',
      'List-Unsubscribe': '<mailto:stillwatch@example.com?subject=unsubscribe>',
    });
    const { headers } = weeklyMail(weekly, { ...LEAVE, url: 'https://lists.example/leave' });
    expect(headers['List-Unsubscribe']).toMatch(/^<https:\/\/lists\.example\/leave>, <mailto:/);
    expect(headers['List-Unsubscribe-Post']).toBe('List-Unsubscribe=One-Click');
  });
});

describe('the daily digest', () => {
  const day = { from: '2026-06-21T00:00:00.000Z', to: '2026-06-22T00:00:00.000Z' };
  const acked: CaseEntry = { seq: 1, at: '2026-06-14T00:06:10.000Z', by: 'x', action: 'ack', finding: 'cmp-7f3a91' };
  const told = (transition: Transition, deliveries: Delivery[] = []): ToldMessage => ({
    at: transition.finding.at,
    message: envelope(transition, SETTINGS),
    deliveries,
  });
  const digest = (change: Partial<ReportInput>) =>
    dailyMail(
      report({
        period: day,
        transitions: [OPENED, UPDATED],
        cases: [acked],
        health: health({ sweeps: 1 }),
        messages: [told(OPENED), told(UPDATED)],
        ...change,
      }),
      LEAVE,
    );

  it('is not sent on a day that has nothing to say', () => expect(digest({})).toBeNull());

  it.each<[string, Partial<ReportInput>, RegExp]>([
    ['a change was folded', { messages: [told(OPENED)] }, /1 folded change, 0 unacked/],
    ['a finding is not acknowledged', { cases: [] }, /0 folded changes, 1 unacked/],
    [
      'a message was not delivered',
      { messages: [told(OPENED), told(UPDATED, [{ channel: 'mail', state: 'failed', attempts: 30 }])] },
      /1 open/,
    ],
    ['records were missing', { health: health({ coverage: 0.9 }) }, /1 open/],
    ['a sweep was missed', { health: health({ sweepsMissed: 1 }) }, /1 open/],
    ['counts do not recount', { health: health({ audit: { audited: 10, drifted: 2 } }) }, /1 open/],
    [
      'a snooze is about to end',
      {
        cases: [
          acked,
          {
            seq: 2,
            at: '2026-06-21T08:00:00.000Z',
            by: 'x',
            action: 'snooze',
            finding: 'cmp-7f3a91',
            until: '2026-06-22T08:00:00.000Z',
            reason: 'r',
            owner: 'o',
          },
        ],
      },
      /1 open/,
    ],
  ])('is sent when %s', (_, change, subject) => {
    const mail = digest(change)!;
    expect(mail.subject).toMatch(/^\[Stillwatch\] Daily 21 Jun: /);
    expect(mail.subject).toMatch(subject);
    expect(mail.subject.length).toBeLessThanOrEqual(78);
  });

  it('reads as agreed', () => {
    const mail = digest({
      cases: [],
      messages: [told(OPENED)],
      health: health({ coverage: 0.9, sweeps: 0, sweepsMissed: 1 }),
    })!;
    expectGolden('digest.txt', mail.text);
    expectGolden('digest.html', mail.html);
  });
});

function colours(block: string): Record<string, string> {
  return Object.fromEntries([...block.matchAll(/--([\w-]+):(#\w{6})/g)].map(([, name, value]) => [name, value]));
}

/** Contrast ratio of WCAG 2.2, 1 to 21. */
function contrast(a: string, b: string): number {
  const [low, high] = [luminance(a), luminance(b)].toSorted((x, y) => x - y);
  return (high! + 0.05) / (low! + 0.05);
}

function luminance(hex: string): number {
  const channels = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255);
  const [red, green, blue] = channels.map((value) =>
    value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}
