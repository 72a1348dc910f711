import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFingerprinter } from '../../../core/records/fingerprint.ts';
import { type GatewayExchange, usageFromRequest } from '../../../core/records/from-request.ts';
import { recordSchema } from '../../../core/records/schema.ts';

const fp = createFingerprinter(new Uint8Array(32));

function exchange(more: Partial<GatewayExchange> = {}): GatewayExchange {
  return {
    id: 'req_01HZX4',
    time: Date.UTC(2026, 3, 22, 9, 14, 7, 120),
    account: 'sk-live-jane',
    model: 'opus-5',
    tokens: { input: 1024, output: 2048 },
    ...more,
  };
}

const OUTPUT = 'The first thing to notice is that the sum telescopes, so that only two terms are left over at the end.';

/** Text of letters that no class, mask or field name holds, at least 8 long, so that a leak is a leak. */
const canary = fc
  .array(fc.constantFrom(...'qxzjkwvy'), { minLength: 10, maxLength: 24 })
  .map((letters) => letters.join(''));
const phrase = fc
  .tuple(
    fc.constantFrom('', 'Explain ', 'Respond as JSON with ', '# ', '<', 'Translate "'),
    fc.array(canary, { minLength: 1, maxLength: 8 }),
    fc.string({ unit: 'grapheme' }),
  )
  .map(([head, words, tail]) => head + words.join(' ') + tail);

const secretExchange = fc.record({
  system: phrase,
  user: phrase,
  answer: phrase,
  name: canary,
  ip: fc.ipV4(),
  ids: fc.array(canary, { maxLength: 12 }),
});

describe('an exchange as the gateway tells it', () => {
  it('leaves without any part of its texts, addresses and identifiers', () => {
    fc.assert(
      fc.property(secretExchange, ({ system, user, answer, name, ip, ids }) => {
        const record = usageFromRequest(
          exchange({
            id: `${name}@${name}.example`,
            account: name,
            ip,
            system,
            messages: [
              { role: 'user', content: user },
              { role: 'assistant', content: answer.repeat(4) },
              { role: 'user', content: [{ type: 'text', text: user }, { type: 'image' }] },
            ],
            schema: { properties: { [name]: {} } },
            userAgent: name,
            headerOrder: [name],
            tls: name,
            session: name,
            gave: { ids, outputs: [answer.repeat(5)] },
            carriedIds: ids,
          }),
          fp,
        );
        const text = JSON.stringify(record).toLowerCase();
        const secrets = [system, user, answer, name, ...ids].flatMap(
          (secret) => secret.toLowerCase().match(/[qxzjkwvy ]{8,}/g) ?? [],
        );
        for (const secret of secrets)
          for (let at = 0; at + 8 <= secret.length; at++) expect(text).not.toContain(secret.slice(at, at + 8));
        expect(text).not.toContain(ip);
        expect(recordSchema.parse(JSON.parse(JSON.stringify(record)))).toEqual(JSON.parse(JSON.stringify(record)));
      }),
      { numRuns: 200 },
    );
  });

  it('is described in full where the gateway knows everything', () => {
    const record = usageFromRequest(
      exchange({
        system: 'You review patches.',
        messages: [
          { role: 'developer', content: 'Respond only with JSON.' },
          { role: 'user', content: 'Fix the bug in this function and explain every step: def f(x): return x' },
        ],
        status: 'ok',
        finish: 'stop',
        latencyMs: 812,
        params: { maxTokens: 4096, temperature: 1, tools: 2, stream: true },
        ip: '203.0.113.40',
        asn: 64_512,
        networkKind: 'residential',
        userAgent: 'acme-sdk/3.2',
        tls: 't13d1516h2_8daaf6152771_b186095e22b6',
        session: 'c-88213',
        gave: { ids: ['msg_1'], outputs: [OUTPUT] },
      }),
      fp,
    );
    expect(record).toMatchObject({
      id: 'req_01HZX4',
      time: '2026-04-22T09:14:07.120Z',
      account: fp.fingerprint('account', 'sk-live-jane'),
      network: { ip: '92772e1e19b50198', subnet: '91ffcaf5242cf6a6', asn: 64_512, kind: 'residential' },
      session: '9ec610fef1b22473',
      prompt: { task: 'software_engineering', language: 'en', flags: ['cot_elicitation', 'format_forced'] },
    });
    expect(Object.keys(record.prompt!).sort()).toEqual(
      ['contract', 'flags', 'language', 'sketch', 'system', 'task', 'template', 'topic'].sort(),
    );
  });

  it('holds nothing for what the gateway does not know', () => {
    expect(usageFromRequest(exchange({ ip: '10.0.0.1', messages: [{ role: 'user', content: null }] }), fp)).toEqual({
      type: 'usage',
      id: 'req_01HZX4',
      time: '2026-04-22T09:14:07.120Z',
      account: fp.fingerprint('account', 'sk-live-jane'),
      model: 'opus-5',
      tokens: { input: 1024, output: 2048 },
    });
  });

  it('shows a conversation that changed accounts: what one was given, the other presents', () => {
    const minted = usageFromRequest(exchange({ gave: { ids: ['sig_abc'], outputs: [`${OUTPUT}\n`] } }), fp);
    const presented = usageFromRequest(
      exchange({
        account: 'other',
        carriedIds: ['sig_abc'],
        messages: [
          { role: 'user', content: 'a' },
          { role: 'assistant', content: [{ type: 'text', text: `  ${OUTPUT.replace(' ', '\n')}` }] },
          { role: 'user', content: 'b' },
        ],
      }),
      fp,
    );
    expect(presented.custody?.presented).toEqual(minted.custody?.minted);
    expect(presented.custody?.presented).toHaveLength(2);
  });

  it('gives no mark to short outputs, and at most eight in all, ids before outputs', () => {
    expect(usageFromRequest(exchange({ gave: { outputs: ['Yes.'] } }), fp).custody).toBeUndefined();
    const ids = Array.from({ length: 7 }, (_, i) => `tool_${i}`);
    const outputs = Array.from({ length: 5 }, (_, i) => `${OUTPUT} ${i}`);
    const minted = usageFromRequest(exchange({ gave: { ids, outputs } }), fp).custody?.minted;
    expect(minted).toEqual([fp.fingerprint('output', outputs[4]!), ...ids.map((id) => fp.fingerprint('custody', id))]);
  });

  it('keeps an account readable only where it is said to identify nobody', () => {
    expect(usageFromRequest(exchange({ account: 'team-7', accountIsPlain: true }), fp).account).toBe('team-7');
  });

  it('takes template and sketch from the latest turn of the user', () => {
    const messages = (last: string) => [
      { role: 'user', content: 'Tell me about the history of Rome please' },
      { role: 'assistant', content: 'Rome was founded.' },
      { role: 'user', content: last },
      { role: 'tool', content: 'result' },
    ];
    const of = (last: string) => usageFromRequest(exchange({ messages: messages(last) }), fp).prompt;
    expect(of('Give 3 reasons for the fall of it')?.template).toBe(of('Give 5 reasons for the fall of it')?.template);
    expect(of('And why?')?.template).not.toBe(of('And when?')?.template);
    expect(of('And why?')?.sketch).toBeUndefined();
  });

  it.each([
    [{ time: Number.NaN }, /time is not milliseconds/],
    [{ time: '2026-02-30T00:00:00Z' }, /time is not an RFC 3339/],
    [{ tokens: { input: -1, output: 2 } }, /tokens\.input is not a whole number/],
    [{ model: '' }, /model is not a text/],
    [{ account: '' }, /account is not a text/],
    [{ finish: 'secret'.repeat(40) }, /^The exchange makes no record: finish is not a text of 1 to 128 characters\.$/],
  ])('refuses what makes no record, naming the field: %#', (more, message) => {
    expect(() => usageFromRequest(exchange(more), fp)).toThrow(message);
  });
});
