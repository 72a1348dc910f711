import { isIPv4, isIPv6 } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { publicAddress } from '../../../core/records/address.ts';

describe('internet addresses', () => {
  it.each([
    ['203.0.113.40', '203.0.113.40', '203.0.113.0/24'],
    [' 203.0.113.40:51324 ', '203.0.113.40', '203.0.113.0/24'],
    ['::ffff:203.0.113.40', '203.0.113.40', '203.0.113.0/24'],
    ['::FFFF:CB00:7128', '203.0.113.40', '203.0.113.0/24'],
    ['2001:0DB8:0001:0000:0000:0000:0000:00FF', '2001:db8:1::ff', '2001:db8:1::/48'],
    ['[2001:db8::1]:443', '2001:db8::1', '2001:db8::/48'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1', '2001:db8::/48'],
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1', '2001::/48'],
    ['2400:1:2:3:4:5:6:7%eth0', '2400:1:2:3:4:5:6:7', '2400:1:2::/48'],
    ['64:ff9b::192.0.2.33', '64:ff9b::c000:221', '64:ff9b::/48'],
  ])('have one spelling each: %s', (text, ip, subnet) => {
    expect(publicAddress(text)).toEqual({ ip, subnet });
  });

  it('that many networks use at once are absent, or half the world would be one campaign', () => {
    const v4 = [
      '10.1.2.3',
      '172.16.0.1',
      '192.168.1.1',
      '127.0.0.1',
      '169.254.1.1',
      '100.64.0.1',
      '0.0.0.0',
      '224.0.0.1',
    ];
    const v6 = ['::', '::1', 'fe80::1', 'fd00::1', 'ff02::1', '::ffff:10.0.0.1'];
    for (const text of [...v4, ...v6]) expect([text, publicAddress(text)]).toEqual([text, undefined]);
  });

  it('are not read out of names, lists and broken text', () => {
    const names = ['', 'bedrock.amazonaws.com', 'AWS Internal', '203.0.113.40, 10.0.0.1', 'unknown', 'fe80'];
    const broken = [
      '1.2.3',
      '1.2.3.4.5',
      '1.2.3.256',
      '01.2.3.4',
      '1:2:3',
      '1::2::3',
      ':::',
      '12345::',
      '1:2:3:4:5:6:7:8:9',
    ];
    for (const text of [...names, ...broken]) expect([text, publicAddress(text)]).toEqual([text, undefined]);
  });

  it('of any IPv6 spelling are the address that the platform reads', () => {
    const group = fc.oneof(fc.constant(0), fc.nat(0xffff));
    fc.assert(
      fc.property(fc.array(group, { minLength: 8, maxLength: 8 }), (groups) => {
        const text = groups.map((each) => each.toString(16).toUpperCase().padStart(4, '0')).join(':');
        const address = publicAddress(text);
        if (address === undefined || isIPv4(address.ip)) return;
        expect(isIPv6(address.ip)).toBe(true);
        expect(`[${address.ip}]`).toBe(new URL(`http://[${text}]`).hostname);
      }),
      { numRuns: 500 },
    );
  });
});
