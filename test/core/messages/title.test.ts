import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alertTitle } from '../../../core/messages/title.ts';
import { anyTransition } from './any-transition.ts';
import { CLEARED, CONSUMER_OPENED, CONSUMER_UPDATED, OPENED, UPDATED } from './sample.ts';

const GRAMMAR =
  /^\[(SEV[123]|INFO)\] ((UPDATE|REOPENED|CLEARED) )?(Distillation|Coordinated abuse|Key sharing|Account takeover|Volume anomaly) [a-z0-9-]{1,16}(: [^:]+)?$/;

describe('the title is the answer', () => {
  it('says severity, class, id and the figures of a campaign', () => {
    expect(alertTitle(UPDATED)).toBe('[SEV1] UPDATE Distillation cmp-7f3a91: 4,120 accounts, 865k exchanges, 10 d');
    expect(alertTitle(OPENED)).toBe('[SEV2] Distillation cmp-7f3a91: 850 accounts, 55.4k exchanges, 2 d');
    expect(alertTitle(CLEARED)).toMatch(/^\[SEV1\] CLEARED Distillation cmp-7f3a91: /);
  });

  it('compares a consumer with its own usual volume', () => {
    expect(alertTitle(CONSUMER_OPENED)).toBe('[SEV2] Volume anomaly con-91e0c7: 22x usual, 96.0M output tokens, 7 d');
    expect(alertTitle(CONSUMER_UPDATED)).toMatch(/^\[SEV3\] REOPENED /);
  });

  it('drops figures from the right and never cuts a word', () => {
    const finding = { ...UPDATED.finding, id: 'cmp-0123456789ab', classification: 'coordinated_abuse' as const };
    const title = alertTitle({ ...UPDATED, finding });
    expect(title).toBe('[SEV1] UPDATE Coordinated abuse cmp-0123456789ab: 4,120 accounts');
  });

  it('is ASCII, keeps the grammar and 78 characters, whatever the figures', () => {
    fc.assert(
      fc.property(anyTransition, (transition) => {
        const title = alertTitle(transition);
        expect(title).toMatch(GRAMMAR);
        expect(title).toMatch(/^[\x20-\x7e]{1,78}$/);
      }),
    );
  });
});
