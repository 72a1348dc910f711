import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskPrompt } from '../../../../core/records/prompt/mask.ts';

describe('the mask of a prompt', () => {
  it.each([
    ['Explain step 3 of 12,000.50', 'explain step <n> of <n>'],
    ['See https://example.com/a?b=c for more', 'see <url> for more'],
    ['Write to jane.doe@example.com now', 'write to <email> now'],
    ['Ticket 0d5f3a52-6f0e-4f6b-9b7e-3c1a7f2e9d10 is open', 'ticket <id> is open'],
    ['Order req_01HZX4 failed', 'order <id> failed'],
    ['On 2026-04-22T09:14:07Z and 22/04/2026 and April 22nd, 2026', 'on <date> and <date> and <date>'],
    ['At 9:30 pm on Monday', 'at <date> on <date>'],
    ['Summarise "the long report" and “that one”', 'summarise <text> and <text>'],
    ["Translate 'bonjour tout le monde' please", 'translate <text> please'],
    ["Don't change the user's words", "don't change the user's words"],
    ['Fix src/app/main.ts and /etc/nginx/nginx.conf', 'fix <file> and <file>'],
    ['Review:\n```ts\nconst a = `x`;\n```\nand `foo()`', 'review: <code> and <code>'],
    ['  Many\n\n spaces\t here ', 'many spaces here'],
  ])('%s', (text, masked) => {
    expect(maskPrompt(text)).toBe(masked);
  });

  it('is the same for every filling of one template', () => {
    const fill = (count: number, name: string, day: string) =>
      `Give ${count} reasons why ${name}.py failed on ${day}, then quote "${name}" once.`;
    const name = fc.string({ unit: fc.constantFrom(...'abcdefgh'), minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(fc.nat(), name, fc.constantFrom('2026-04-22', '1 May 2026', '09:30'), (count, file, day) => {
        expect(maskPrompt(fill(count, file, day))).toBe(maskPrompt(fill(1, 'x', '2020-01-01')));
      }),
    );
  });

  it('takes no longer on text that is made to hurt than on any other', () => {
    const hostile = [
      '```',
      '"',
      '“',
      "'a",
      '/a',
      'a.',
      'a-',
      '1,',
      '1-1-',
      '@',
      'a@a.',
      '<',
      '~~~',
      '`',
      'www.',
      '\\x',
      'a1_',
    ];
    for (const unit of hostile) {
      const text = unit.repeat(Math.ceil(200_000 / unit.length));
      const from = performance.now();
      maskPrompt(text);
      expect([unit, performance.now() - from < 1000]).toEqual([unit, true]);
    }
  });
});
