import { describe, expect, it } from 'vitest';
import { alertText, firstScreenText, SCREEN_LIMIT } from '../../../core/messages/alert-text.ts';
import { envelope } from '../../../core/messages/envelope.ts';
import { AGREED, AGREED_ACTIONS, AGREED_TEXT, SETTINGS, UPDATED } from './sample.ts';

describe('the message as agreed', () => {
  it('reads byte for byte as agreed, from its JSON alone', () => {
    expect(alertText(AGREED)).toBe(AGREED_TEXT);
  });

  it('comes from the transition and what people decided', () => {
    expect(envelope({ ...UPDATED, case: AGREED.case }, { ...SETTINGS, actions: AGREED_ACTIONS })).toEqual(AGREED);
  });

  it('answers what, how sure, how bad, aimed at what and what to do in its first 900 characters', () => {
    const screen = firstScreenText(AGREED);
    expect(screen.length).toBeLessThanOrEqual(SCREEN_LIMIT);
    expect(AGREED_TEXT.startsWith(screen)).toBe(true);
    expect(screen.match(/^(WHAT|SURE|BAD|AIM|DO) /gm)?.map((label) => label.trim())).toEqual([
      'WHAT',
      'SURE',
      'BAD',
      'AIM',
      'DO',
    ]);
  });
});
