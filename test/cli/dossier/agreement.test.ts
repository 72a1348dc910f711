/** One finding, one set of figures: whoever reads the alert, the mail, the page or the dossier reads the same digits. */
import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { dossierCommand } from '../../../cli/commands/dossier.ts';
import { loadConfig } from '../../../cli/config.ts';
import type { Dossier } from '../../../core/dossier/dossier.ts';
import type { Finding } from '../../../core/findings/finding.ts';
import type { FindingEnvelope } from '../../../core/messages/envelope.ts';
import { type ReadPart, readMail } from '../../core/messages/read-mail.ts';
import { ndjson, replay, type Scratch, scratch, simulated } from '../../support/cli.ts';

const PATIENCE = 120_000;
/** The campaign is told of at the end of its first day, which is where the records end: nothing moves after it. */
const WORLD = {
  seed: 'agree',
  start: '2026-04-15T00:00:00.000Z',
  days: 3,
  benign: { accounts: 300, maxPerDay: 100 },
  campaigns: [{ scenario: 'A1', accounts: 60, ratePerDay: 18, start: 2, days: 1 }],
};

let tmp: Scratch;
let finding: Finding;
let dossier: Dossier;
let texts: Map<string, string>;

beforeAll(async () => {
  tmp = scratch();
  const { records } = simulated(WORLD);
  const models = [...new Set(records.flatMap((record) => (record.type === 'usage' ? [record.model] : [])))].sort();
  const listPrices = Object.fromEntries(models.map((model, i) => [model, 5 + 7 * i]));
  const config = tmp.file('config.json', JSON.stringify({ listPrices }));
  await replay([tmp.file('world.ndjson', ndjson(records))], tmp.at('out'), { config: loadConfig(config) });
  finding = JSON.parse(readFileSync(tmp.at('out', 'findings.ndjson'), 'utf8').trim().split('\n').at(-1)!) as Finding;
  vi.spyOn(console, 'log').mockImplementation(() => {});
  await dossierCommand(finding.id, [], { at: tmp.at('out'), out: tmp.at('dossier'), config });
  dossier = JSON.parse(readFileSync(tmp.at('dossier', 'dossier.json'), 'utf8')) as Dossier;
  const read = (...path: string[]) => readFileSync(tmp.at(...path), 'utf8');
  const outbox = readdirSync(tmp.at('out', 'outbox'));
  const named = (end: string) => read('out', 'outbox', outbox.find((name) => name.endsWith(end))!);
  texts = new Map([
    ['the text of the alert', named('opened.txt')],
    ['the mail', partOf(named('opened.eml'), 'text/plain')],
    ['the mail in HTML', words(partOf(named('opened.eml'), 'text/html'))],
    ['the weekly mail', partOf(named('weekly.eml'), 'text/plain')],
    ['the page of the report', words(read('out', 'report.html'))],
    ['the page of the dossier', words(read('dossier', 'index.html'))],
    ['the JSON of the alert', named('opened.json')],
    ['the JSON of the report', fileOf(named('weekly.eml'), 'report.json')],
    ['the JSON of the dossier', read('dossier', 'dossier.json')],
  ]);
}, PATIENCE);
afterAll(() => {
  vi.restoreAllMocks();
  tmp?.remove();
});

/** The first part of which `is` holds, wherever it is within the mail. */
function firstOf(mail: string, is: (headers: ReadPart['headers']) => boolean | undefined): string {
  const find = (part: ReadPart): ReadPart | undefined =>
    is(part.headers) ? part : part.parts.map(find).find((found) => found !== undefined);
  return new TextDecoder().decode(find(readMail(mail))!.body);
}

const partOf = (mail: string, type: string) => firstOf(mail, (headers) => headers['Content-Type']?.startsWith(type));
const fileOf = (mail: string, name: string) =>
  firstOf(mail, (headers) => headers['Content-Disposition']?.includes(`filename="${name}"`));

const words = (html: string) => html.replace(/<style>.*?<\/style>/s, '').replace(/<[^>]+>/g, ' ');
const isJson = (name: string) => name.includes('JSON');
const exact = (value: number) => value.toLocaleString('en-US');

describe('the figures of one finding', () => {
  it('are of a finding that was told at the end of the records', () => {
    expect(finding.state).toBe('opened');
    expect(finding.exchanges).toBeGreaterThan(999);
    expect(finding.at.slice(0, 10)).toBe('2026-04-17');
  });

  it('are the same object in the alert, the dossier and the file of findings', () => {
    const told = JSON.parse(texts.get('the JSON of the alert')!) as FindingEnvelope;
    expect(told.finding).toEqual(finding);
    expect(dossier.finding).toEqual(finding);
    expect(dossier.ranges.accounts).toEqual(told.ranges.accounts);
    expect(dossier.ranges.exchanges).toEqual(told.ranges.exchanges);
    expect(dossier.ranges.outputTokens).toEqual(told.ranges.outputTokens);
    expect(dossier.throttle.toThrottle).toBe(told.throttle!.accounts);
    expect(dossier.throttle.verified).toBe(told.throttle!.verified);
    expect(dossier.leak.high.outputTokens).toBe(told.ranges.outputTokens[1]);
    expect(dossier.leak.certain.outputTokens).toBe(told.ranges.outputTokens[0]);
    expect(dossier.benign).toEqual(told.benign);
  });

  it('are the same digits wherever a person reads them', () => {
    for (const [name, text] of texts) {
      const all = finding.accounts.certain + finding.accounts.probable;
      const write = isJson(name) ? String : exact;
      expect(text, name).toContain(write(finding.exchanges));
      expect(text, name).toMatch(
        new RegExp(`(?<![\\d,.])${write(isJson(name) ? finding.accounts.certain : all)}(?![\\d,.]\\d)`),
      );
    }
  });

  it('are worth the same at list price, to the cent', () => {
    const told = JSON.parse(texts.get('the JSON of the alert')!) as FindingEnvelope;
    expect(dossier.leak.high.usd).toBeGreaterThan(1);
    expect(told.ranges.replacementUsd).toEqual([dossier.leak.certain.usd, dossier.leak.high.usd]);
    const { campaigns } = JSON.parse(texts.get('the JSON of the report')!) as { campaigns: FindingEnvelope[] };
    expect(campaigns[0]!.ranges).toEqual(told.ranges);
    for (const name of ['the text of the alert', 'the mail', 'the mail in HTML', 'the page of the report'])
      expect(texts.get(name), name).toContain(`USD ${Math.round(dossier.leak.high.usd!)} at list price`);
  });

  it('are drawn from the same days', () => {
    const contexts = readFileSync(tmp.at('out', 'contexts.ndjson'), 'utf8').trim().split('\n');
    const { daily } = JSON.parse(contexts.at(-1)!) as { daily: Dossier['days'] };
    expect(dossier.days).toEqual(daily);
  });
});
