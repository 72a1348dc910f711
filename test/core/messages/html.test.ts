import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alertEmail, HTML_LIMIT } from '../../../core/messages/email.ts';
import { envelope } from '../../../core/messages/envelope.ts';
import { html, raw } from '../../../core/messages/html.ts';
import { buildReport } from '../../../core/messages/report-data.ts';
import { reportHtml } from '../../../core/messages/report-html.ts';
import { anyTransition } from './any-transition.ts';
import { SETTINGS, UPDATED } from './sample.ts';
import { REPORT_INPUT } from './sample-report.ts';

const ATTACK = `"><img src=x onerror=alert(1)>'&`;

describe('markup in a value stays a value', () => {
  it('escapes text, lists and attributes, and prints nothing for nothing', () => {
    expect(html`<p title="${ATTACK}">${['<b>', html`<i>${'&'}</i>`]}${null}${false}${undefined}</p>`.value).toBe(
      '<p title="&quot;&gt;&lt;img src=x onerror=alert(1)&gt;&#39;&amp;">&lt;b&gt;<i>&amp;</i></p>',
    );
    expect(html`${raw('<b>')}${0}`.value).toBe('<b>0');
  });

  it('reaches neither mail nor page from any text field', () => {
    const planted = {
      finding: {
        ...UPDATED.finding,
        reason: ATTACK,
        evidence: UPDATED.finding.evidence.map((each) => ({ ...each, unit: ATTACK })),
        error: { ...UPDATED.finding.error, method: ATTACK },
      },
      context: { ...UPDATED.context, severityWhy: [ATTACK], benign: [{ ...UPDATED.context.benign[3]!, why: ATTACK }] },
    };
    const releases = [{ time: '2026-06-19T16:00:00.000Z', model: ATTACK }];
    const settings = { ...SETTINGS, deployment: ATTACK, runbookBaseUrl: `https://x/${ATTACK}/` };
    const input = { ...REPORT_INPUT, deployment: ATTACK, transitions: [planted], releases };
    for (const page of [alertEmail(envelope(planted, settings)).html, reportHtml(buildReport(input))]) {
      expect(page).toContain('alert(1)');
      expect(page).not.toContain('<img');
      expect(page).not.toMatch(/="[^"]*"><img/);
    }
  });
});

it('a mail of any finding is short enough that no reader cuts it off', () => {
  fc.assert(
    fc.property(anyTransition, (transition) => {
      const mail = alertEmail(envelope(transition, SETTINGS));
      expect(Buffer.byteLength(mail.html)).toBeLessThanOrEqual(HTML_LIMIT);
      expect(mail.subject).not.toMatch(/[\r\n]/);
    }),
    { numRuns: 50 },
  );
});
