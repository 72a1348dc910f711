import { describe, expect, it } from 'vitest';
import { bondsOf, type Tie, tieLine, tiesOf } from '../../../core/dossier/bonds.ts';
import { aUsage } from '../../support/records.ts';

const HOUR = 3_600_000;
const tie = (value: string, more: Partial<Tie> = {}): Tie => ({ group: 'content', kind: 'system', value, ...more });
const bonds = (held: [string, Tie][], born: [string, number][] = [], work: [string, number, number][] = []) => {
  const found = bondsOf({
    ties: held.map(([account, one]) => tieLine(one, account)).sort(),
    born: new Map(born),
    work: new Map(work.map(([account, all, aimed]) => [account, { all, aimed }])),
  });
  return Object.fromEntries([...found].map(([account, groups]) => [account, [...groups].sort()]));
};

describe('what ties a member to another', () => {
  it('is a value that both have, however often; not one that it has alone, nor the same text of another kind', () => {
    const held: [string, Tie][] = [
      ['a', tie('p')],
      ['a', tie('p')],
      ['b', tie('p')],
      ['c', tie('q')],
      ['c', tie('q')],
      ['d', tie('p', { kind: 'template' })],
    ];
    expect(bonds(held)).toEqual({ a: ['content'], b: ['content'] });
  });

  it('is a state that one was given and the other handed in, not one that an account took up again itself', () => {
    const state = (role: 'minted' | 'presented') => tie('s', { group: 'custody', kind: 'state', role });
    expect(
      bonds([
        ['a', state('minted')],
        ['a', state('presented')],
      ]),
    ).toEqual({});
    expect(
      bonds([
        ['a', state('minted')],
        ['b', state('presented')],
      ]),
    ).toEqual({ a: ['custody'], b: ['custody'] });
    expect(
      bonds([
        ['a', state('presented')],
        ['b', state('presented')],
      ]),
    ).toEqual({});
  });

  it('is a beginning within the hour of another', () => {
    const born: [string, number][] = [
      ['late', 9 * HOUR],
      ['a', 0],
      ['b', HOUR],
      ['c', 2 * HOUR + 1],
    ];
    expect(bonds([], born)).toEqual({ a: ['cohort'], b: ['cohort'] });
  });

  it('is work that is half or more on what the campaign is after', () => {
    const work: [string, number, number][] = [
      ['a', 10, 5],
      ['b', 10, 4],
      ['idle', 0, 0],
    ];
    expect(bonds([], [], work)).toEqual({ a: ['intent'] });
  });

  it('is read from what records say, and no more', () => {
    const usage = aUsage({
      network: { ip: 'i' },
      prompt: { system: 's' },
      custody: { minted: ['m'], presented: ['p'] },
    });
    expect(tiesOf(usage).map(({ group, kind, value, role }) => [group, kind, value, role])).toEqual([
      ['network', 'ip', 'i', undefined],
      ['content', 'system', 's', undefined],
      ['custody', 'state', 'm', 'minted'],
      ['custody', 'state', 'p', 'presented'],
    ]);
    const account = { type: 'account', time: usage.time, account: 'a', payment: { instrument: 'c' } } as const;
    expect(tiesOf(account)).toEqual([{ group: 'identity', kind: 'instrument', value: 'c' }]);
  });
});
