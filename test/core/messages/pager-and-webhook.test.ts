import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { envelope } from '../../../core/messages/envelope.ts';
import { pagerDutyEvent } from '../../../core/messages/pagerduty.ts';
import { sign, WebhookSecretError, webhookFile, webhookRequest } from '../../../core/messages/webhook.ts';
import { anyTransition } from './any-transition.ts';
import { expectGolden } from './golden.ts';
import { AGREED, CLEARED, SAMPLES, SETTINGS, UPDATED } from './sample.ts';

const LIMIT = 32 * 1024;

describe('PagerDuty', () => {
  it.each(Object.entries(SAMPLES))('%s is the agreed event', (name, transition) => {
    const event = pagerDutyEvent(envelope(transition, SETTINGS));
    expectGolden(`${name}.pagerduty.json`, `${JSON.stringify(event, null, 1)}\n`);
  });

  it('opens one incident per finding, acknowledges it and resolves it', () => {
    const [on, over] = [UPDATED, CLEARED].map((transition) => pagerDutyEvent(envelope(transition, SETTINGS)));
    const key = 'stillwatch/acme-prod/cmp-7f3a91';
    expect(on).toMatchObject({ event_action: 'trigger', dedup_key: key, payload: { severity: 'critical' } });
    const acked = envelope({ ...UPDATED, message: 'acked', at: '2026-06-22T00:04:10.000Z' }, SETTINGS);
    expect(pagerDutyEvent(acked)).toEqual({ event_action: 'acknowledge', dedup_key: key });
    expect(over).toEqual({ event_action: 'resolve', dedup_key: key });
  });

  it('resolves what a person judged, and pages nobody for what is covered', () => {
    for (const state of ['judged', 'covered'] as const) {
      const told = envelope({ ...UPDATED, case: { ...AGREED.case, state } }, SETTINGS);
      expect(pagerDutyEvent(told).event_action).toBe('resolve');
    }
  });

  it('holds no key, and fits whatever the figures', () => {
    fc.assert(
      fc.property(anyTransition, (transition) => {
        const event = pagerDutyEvent(envelope(transition, SETTINGS));
        expect(event).not.toHaveProperty('routing_key');
        expect(Buffer.byteLength(JSON.stringify(event))).toBeLessThanOrEqual(LIMIT);
      }),
      { numRuns: 50 },
    );
  });
});

const SECRET = 'whsec_c3RpbGx3YXRjaC1leGFtcGxlLXNlY3JldC0zMmJ5dGU=';
const OTHER = 'whsec_b3RoZXItZXhhbXBsZS1zZWNyZXQtb2YtMzItYnl0ZXM=';
const TIME = 1_782_086_441;

describe('the signed webhook', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: TIME * 1000 });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const request = webhookRequest(AGREED, TIME, [SECRET]);
  const accepted = (body = request.body, headers: Record<string, string> = request.headers, secret = SECRET) => {
    try {
      new Webhook(secret).verify(body, headers);
      return true;
    } catch {
      return false;
    }
  };

  it('signs the published test vector', () => {
    const body = '{"schema":"stillwatch.alert/1","messageId":"c23880c3b1c7a51b","message":"updated"}';
    expect(sign(SECRET, 'c23880c3b1c7a51b', TIME, body)).toBe('v1,xU88ona0y3vcsMa6LgLUIvwrYP/dGYJC52Ch43JLiOc=');
  });

  it('is accepted by the library of the scheme, and refused changed, old or under another secret', () => {
    expect(accepted()).toBe(true);
    expect(accepted(request.body.replace('updated', 'cleared'))).toBe(false);
    expect(accepted(request.body, request.headers, OTHER)).toBe(false);
    vi.setSystemTime((TIME + 301) * 1000);
    expect(accepted()).toBe(false);
  });

  it('is accepted under the old and the new secret while they rotate', () => {
    const both = webhookRequest(AGREED, TIME, [SECRET, OTHER]);
    expect(accepted(both.body, both.headers, SECRET)).toBe(true);
    expect(accepted(both.body, both.headers, OTHER)).toBe(true);
  });

  it('keeps its id and takes a new time when it is sent again', () => {
    const again = webhookRequest(AGREED, TIME + 600, [SECRET]);
    expect(again.headers['webhook-id']).toBe(request.headers['webhook-id']);
    expect(again.headers['webhook-timestamp']).toBe(String(TIME + 600));
    expect(again.headers['webhook-signature']).not.toBe(request.headers['webhook-signature']);
  });

  it('refuses a secret that is none', () => {
    for (const secret of ['', 'whsec_', 'whsec_c2hvcnQ=', 'c3RpbGx3YXRjaC1leGFtcGxlLXNlY3JldC0zMmJ5dGU='])
      expect(() => sign(secret, 'id', TIME, '')).toThrow(WebhookSecretError);
  });

  it('is written to a folder without any signature', () => {
    expect(webhookFile(AGREED, TIME)).not.toContain('webhook-signature');
    expect(webhookFile(AGREED, TIME)).toContain(`webhook-id: ${AGREED.messageId}`);
  });
});
