import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alertText, firstScreenText, SCREEN_LIMIT } from '../../../core/messages/alert-text.ts';
import { envelope } from '../../../core/messages/envelope.ts';
import { localSettings } from '../../../core/messages/settings.ts';
import { anyTransition } from './any-transition.ts';
import { expectGolden } from './golden.ts';
import { CONSUMER_OPENED, OPENED, SAMPLES, SETTINGS, UPDATED } from './sample.ts';

describe('the text of an alert', () => {
  it.each(Object.entries(SAMPLES))('%s reads as agreed', (name, transition) => {
    expectGolden(`${name}.txt`, alertText(envelope(transition, SETTINGS)));
  });

  it('fits its first screen on a lock screen, whatever the figures', () => {
    fc.assert(
      fc.property(anyTransition, (transition) => {
        const screen = firstScreenText(envelope(transition, SETTINGS));
        expect(screen.length).toBeLessThanOrEqual(SCREEN_LIMIT);
        for (const label of ['WHAT', 'SURE', 'BAD', 'AIM', 'DO']) expect(screen).toMatch(new RegExp(`^${label} `, 'm'));
        expect(screen).toContain('Runbook https://wiki.example/stillwatch/');
        expect(Buffer.byteLength(alertText(envelope(transition, SETTINGS)))).toBeLessThanOrEqual(6 * 1024);
      }),
    );
  });

  it('gives up notes, then comparisons, then commands, and keeps the runbook', () => {
    const actions = Array.from({ length: 12 }, (_, index) => ({
      command: `stillwatch step-${index} {id} --with-a-rather-long-option --hold`,
    }));
    const screen = firstScreenText(envelope(UPDATED, { ...SETTINGS, actions }));
    expect(screen.length).toBeLessThanOrEqual(SCREEN_LIMIT);
    expect(screen).not.toContain('keeps the records');
    expect(screen).toContain('step-0 cmp-7f3a91');
    expect(screen).not.toContain('step-11');
    expect(screen).toContain('Runbook');
  });

  it('advertises no command that was not given', () => {
    expect(alertText(envelope(UPDATED, localSettings('local')))).not.toMatch(/stillwatch (show|export|dossier)/);
    expect(alertText(envelope(UPDATED, localSettings('local')))).toContain('Runbook docs/runbook.md#campaign');
  });

  it('speaks of money only where there is a price', () => {
    const { replacementUsd: _, ...ranges } = UPDATED.context.ranges;
    const without = { ...UPDATED, context: { ...UPDATED.context, ranges } };
    expect(alertText(envelope(UPDATED, SETTINGS))).toContain('USD 29,600-41,100');
    expect(alertText(envelope(without, SETTINGS))).not.toContain('USD');
  });

  it('says how much of the output may have no price', () => {
    const ranges = { ...UPDATED.context.ranges, unpricedTokens: 12_000_000 };
    const text = alertText(envelope({ ...UPDATED, context: { ...UPDATED.context, ranges } }, SETTINGS));
    expect(text.replace(/\s+/g, ' ')).toContain('at list price, without up to 12.0M of models that have none');
  });

  it('says what was not checked apart from what is not the cause', () => {
    const [checked, unchecked] = alertText(envelope(UPDATED, SETTINGS)).split('NOT CHECKED  ');
    expect(checked).toContain('retry storm');
    expect(unchecked).toContain('reseller');
    expect(unchecked).not.toContain('retry storm');
  });

  it('keeps its lines within 100 characters, also for long checks', () => {
    const why =
      'the fields it needs are missing for more than half of the members, as measured on the day of the sweep';
    const benign = [{ cause: 'product_launch' as const, result: 'not_checked' as const, why }];
    const text = alertText(envelope({ ...UPDATED, context: { ...UPDATED.context, benign } }, SETTINGS));
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
    expect(text.replace(/\s+/g, ' ')).toContain(why);
  });

  it('names the side of the limit on which a cause would explain', () => {
    const check = {
      cause: 'load_test' as const,
      result: 'ruled_out' as const,
      value: 85,
      limit: 1,
      unit: 'organisations',
    };
    const text = alertText(envelope({ ...UPDATED, context: { ...UPDATED.context, benign: [check] } }, SETTINGS));
    expect(text).toContain('85 organisations (explains up to 1)');
  });

  it('does not multiply next to nothing', () => {
    const compare = { ...UPDATED.context.compare, exchangesPerDay: { last: 1971, prior: 1, days: 2 } };
    const text = firstScreenText(envelope({ ...UPDATED, context: { ...UPDATED.context, compare } }, SETTINGS));
    expect(text.replace(/\s+/g, ' ')).toContain('1,971 exchanges a day, up from 1 in the 2 days before');
  });

  it('does not tell a change twice', () => {
    const reason = 'accounts 1,990 -> 4,120 (2.1x); merged with cmp-000001';
    const text = alertText(envelope({ ...UPDATED, finding: { ...UPDATED.finding, reason } }, SETTINGS));
    expect(text.match(/accounts 1,990 -> 4,120/g)).toHaveLength(1);
    expect(text).toContain('ALSO  merged with cmp-000001');
  });

  it('names the account of a consumer only when asked, and no member of a campaign ever', () => {
    const shown = { ...SETTINGS, showAccount: true };
    const account = 'k_canary';
    expect(alertText(envelope({ ...CONSUMER_OPENED, account }, SETTINGS))).not.toContain(account);
    expect(alertText(envelope({ ...CONSUMER_OPENED, account }, shown))).toContain('One account (k_canary)');
    expect(alertText(envelope({ ...OPENED, account }, shown))).not.toContain(account);
  });
});
