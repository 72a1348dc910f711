import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alertText, firstScreenText, SCREEN_LIMIT } from '../../../core/messages/alert-text.ts';
import { localSettings } from '../../../core/messages/settings.ts';
import { anyTransition } from './any-transition.ts';
import { expectGolden } from './golden.ts';
import { CONSUMER_OPENED, OPENED, SAMPLES, SETTINGS, UPDATED } from './sample.ts';

describe('the text of an alert', () => {
  it.each(Object.entries(SAMPLES))('%s reads as agreed', (name, transition) => {
    expectGolden(`${name}.txt`, alertText(transition, SETTINGS));
  });

  it('fits its first screen on a lock screen, whatever the figures', () => {
    fc.assert(
      fc.property(anyTransition, (transition) => {
        const screen = firstScreenText(transition, SETTINGS);
        expect(screen.length).toBeLessThanOrEqual(SCREEN_LIMIT);
        for (const label of ['WHAT', 'SURE', 'BAD', 'AIM', 'DO']) expect(screen).toMatch(new RegExp(`^${label} `, 'm'));
        expect(screen).toContain('Runbook https://wiki.example/stillwatch/');
        expect(Buffer.byteLength(alertText(transition, SETTINGS))).toBeLessThanOrEqual(6 * 1024);
      }),
    );
  });

  it('gives up notes, then comparisons, then commands, and keeps the runbook', () => {
    const actions = Array.from({ length: 12 }, (_, index) => ({
      command: `stillwatch step-${index} {id} --with-a-rather-long-option`,
      note: 'what it does',
    }));
    const screen = firstScreenText(UPDATED, { ...SETTINGS, actions });
    expect(screen.length).toBeLessThanOrEqual(SCREEN_LIMIT);
    expect(screen).not.toContain('what it does');
    expect(screen).toContain('step-0 cmp-7f3a91');
    expect(screen).not.toContain('step-11');
    expect(screen).toContain('Runbook');
  });

  it('advertises no command that was not given', () => {
    expect(alertText(UPDATED, localSettings('local'))).not.toMatch(/stillwatch (show|export|ack|dossier)/);
    expect(alertText(UPDATED, localSettings('local'))).toContain('Runbook docs/runbook.md#campaign');
  });

  it('speaks of money only where there is a price', () => {
    const { listPrice: _, ...without } = SETTINGS;
    expect(alertText(UPDATED, SETTINGS)).toContain('USD 29,600 to 41,100');
    expect(alertText(UPDATED, without)).not.toContain('USD');
  });

  it('says what was not checked apart from what is not the cause', () => {
    const [checked, unchecked] = alertText(UPDATED, SETTINGS).split('NOT CHECKED\n');
    expect(checked).toContain('retry storm');
    expect(unchecked).toContain('reseller');
    expect(unchecked).not.toContain('retry storm');
  });

  it('keeps its lines within 96 characters, also for long checks', () => {
    const why =
      'the fields it needs are missing for more than half of the members, as measured on the day of the sweep';
    const benign = [{ cause: 'product_launch' as const, result: 'not_checked' as const, why }];
    const text = alertText({ ...UPDATED, context: { ...UPDATED.context, benign } }, SETTINGS);
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(96);
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
    const text = alertText({ ...UPDATED, context: { ...UPDATED.context, benign: [check] } }, SETTINGS);
    expect(text).toContain('85 organisations (explains up to 1)');
  });

  it('does not multiply next to nothing', () => {
    const compare = { ...UPDATED.context.compare, exchangesPerDay: { last: 1971, prior: 1, days: 2 } };
    const text = firstScreenText({ ...UPDATED, context: { ...UPDATED.context, compare } }, SETTINGS);
    expect(text.replace(/\s+/g, ' ')).toContain('1,971 exchanges a day, up from 1 in the 2 days before');
  });

  it('does not tell a change twice', () => {
    const reason = 'accounts 1,990 -> 4,120 (2.1x); merged with cmp-000001';
    const text = alertText({ ...UPDATED, finding: { ...UPDATED.finding, reason } }, SETTINGS);
    expect(text.match(/accounts 1,990 -> 4,120/g)).toHaveLength(1);
    expect(text).toContain('ALSO  merged with cmp-000001');
  });

  it('names the account of a consumer only when asked, and no member of a campaign ever', () => {
    const shown = { ...SETTINGS, showAccount: true };
    const members = [{ account: 'k_canary', confidence: 'certain' as const }];
    expect(alertText({ ...CONSUMER_OPENED, members } as never, SETTINGS)).not.toContain('k_canary');
    expect(alertText({ ...CONSUMER_OPENED, members } as never, shown)).toContain('One account (k_canary)');
    expect(alertText({ ...OPENED, members } as never, shown)).not.toContain('k_canary');
  });
});
