import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AccountFacts, factsOf, mergeFacts, NO_FACTS } from '../../../core/aggregates/account-facts.ts';
import { readFacts, writeFacts } from '../../../core/aggregates/account-facts-codec.ts';
import { ByteReader, ByteWriter } from '../../../core/aggregates/bytes.ts';
import { accountRecord, anAccount } from '../../support/records.ts';

const packed = (facts: AccountFacts) => {
  const out = new ByteWriter();
  writeFacts(out, facts);
  return out.take();
};
const through = (facts: AccountFacts) => readFacts(new ByteReader(packed(facts)));

describe('the packed facts of an account', () => {
  it('read back as they were, of any records', () => {
    fc.assert(
      fc.property(fc.array(accountRecord(), { maxLength: 4 }), (records) => {
        const facts = records.map(factsOf).reduce(mergeFacts, NO_FACTS);
        expect(through(facts)).toEqual(facts);
      }),
    );
  });

  it('read back with paths of a later version, and with any text', () => {
    const fact = fc.record({
      value: fc.oneof(fc.string({ unit: 'grapheme' }), fc.boolean()),
      at: fc.integer({ min: 0, max: 2 ** 43 }),
    });
    const path = fc.oneof(fc.constantFrom('org', 'status', 'verified'), fc.string({ minLength: 1 }));
    fc.assert(
      fc.property(fc.array(fc.tuple(path, fact), { maxLength: 20 }), (entries) => {
        const facts = Object.fromEntries(entries.filter(([name]) => name !== '__proto__'));
        expect(through(facts)).toEqual(facts);
      }),
    );
  });

  it('know every field of an account record, so that none is spelled', () => {
    const facts = factsOf({
      ...anAccount(),
      programme: 'research',
      payment: { instrument: 'be01c2d3e4f50617', issuer: '77aa55cc11ee3300', kind: 'virtual' },
      email: { domain: '31c5f0a9e8d7b624', pattern: 'aaaaaa9999' },
      phone: { prefix: '31c5f0a9e8d7b625' },
      referral: '31c5f0a9e8d7b626',
      verified: false,
      status: 'active',
    });
    const text = new TextDecoder('latin1').decode(packed(facts));
    for (const path of Object.keys(facts)) expect(text).not.toContain(path);
    expect(text.length).toBeLessThan(0.4 * JSON.stringify(facts).length);
  });
});
