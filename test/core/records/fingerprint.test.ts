import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFingerprinter } from '../../../core/records/fingerprint.ts';
import { FINGERPRINT } from '../../../core/records/format.ts';

const fp = createFingerprinter(new Uint8Array(32));

describe('fingerprints', () => {
  it('are those that other makers of records compute under the same key', () => {
    expect(fp.ipFields('203.0.113.40')).toEqual({ ip: '92772e1e19b50198', subnet: '91ffcaf5242cf6a6' });
    expect(fp.fingerprint('session', 'c-88213')).toBe('9ec610fef1b22473');
  });

  it('pass the record format whatever goes in', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (value) => {
        expect(fp.fingerprint('account', value)).toMatch(FINGERPRINT);
      }),
    );
  });

  it('differ between kinds and between keys, so nothing links by accident', () => {
    const other = createFingerprinter(new Uint8Array(32).fill(1));
    expect(fp.fingerprint('session', 'x')).not.toBe(fp.fingerprint('account', 'x'));
    expect(fp.fingerprint('session', 'x')).not.toBe(other.fingerprint('session', 'x'));
    expect(fp.sketchSeeds).not.toEqual(other.sketchSeeds);
    expect(new Set(fp.sketchSeeds).size).toBe(32);
  });

  it('refuse a key that could be searched, and say what is needed', () => {
    expect(() => createFingerprinter(new Uint8Array(15))).toThrow(/15 bytes.*at least 16/);
  });

  it('do not change when the caller wipes the key', () => {
    const key = new Uint8Array(32);
    const own = createFingerprinter(key);
    key.fill(7);
    expect(own.fingerprint('session', 'c-88213')).toBe('9ec610fef1b22473');
  });
});

describe('what is read from identifiers', () => {
  it('keeps only the shape of an e-mail address, and one form of its domain', () => {
    expect(fp.emailFields('jane.doe42@Example.com')?.pattern).toBe('aaaa.aaa99');
    expect(fp.emailFields('Zoë+x_٣@example.com.')?.pattern).toBe('aaa+a_9');
    expect(fp.emailFields('a@EXAMPLE.com')?.domain).toBe(fp.emailFields('"b@c"@example.com.')?.domain);
    expect(fp.emailFields('a@bücher.example')?.domain).toBe(fp.emailFields('a@xn--bcher-kva.example')?.domain);
    for (const text of ['', 'jane', '@example.com', 'jane@', 'jane@a b', 'jane@a/b']) {
      expect([text, fp.emailFields(text)]).toEqual([text, undefined]);
    }
  });

  it('takes telephone numbers of one block of 10,000 together, and no more', () => {
    expect(fp.phonePrefix('+1 (415) 555-0123')).toBe(fp.phonePrefix('0014155559999'));
    expect(fp.phonePrefix('+14155560123')).not.toBe(fp.phonePrefix('+14155550123'));
    for (const text of ['4155550123', '', '+12', 'anonymous', '+0123456789'])
      expect(fp.phonePrefix(text)).toBeUndefined();
  });

  it('tells clients apart by the order of their headers where it is known', () => {
    const agent = 'acme-sdk/3.2 node/24';
    expect(fp.agent(` ${agent}`)).toBe(fp.agent(agent));
    expect(fp.agent(agent, ['Host', 'Accept'])).toBe(fp.agent(agent, ['host', 'accept']));
    expect(
      new Set([
        fp.agent(agent),
        fp.agent(agent, []),
        fp.agent(agent, ['accept', 'host']),
        fp.agent(agent, ['host', 'accept']),
      ]).size,
    ).toBe(4);
  });

  it('finds a system prompt again on another day and in another spacing', () => {
    const prompt = (day: string) => `You are Acme's helper.\n  Today is ${day}. Answer briefly.`;
    expect(fp.system(prompt('2026-04-22'))).toBe(fp.system(prompt('May 3, 2026').replace(/\s+/g, '  ')));
    expect(fp.system(prompt('2026-04-22'))).not.toBe(fp.system('You are another helper.'));
  });
});
