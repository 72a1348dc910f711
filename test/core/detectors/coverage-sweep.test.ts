import { describe, expect, test } from 'vitest';
import { coverageSweep } from '../../../core/detectors/coverage-sweep.ts';
import { type AccountSpec, candidate, names, populationOf } from '../../support/population.ts';
import { expectNullEValues } from './null-e-values.ts';
import { hired, strangers, type Usage, withoutPrompt } from './prompts.ts';

const measured = (specs: readonly AccountSpec[], members: readonly AccountSpec[]) =>
  coverageSweep.measure(candidate(populationOf(specs), names(members)))[0];

/** Goes through all topics and twelve languages, always in new words; `own` topics of each account. */
const sweeping =
  (own: (account: number, step: number) => number) =>
  (account: number): Usage =>
  (index, day) => ({
    prompt: {
      topic: own(account, index + 7 * day),
      language: `l${(index * 5 + day + account) % 12}`,
      template: `new ${account} ${day} ${index}`,
    },
  });
const everyTopic = sweeping((account, step) => (account * 11 + step * 13) % 64);
const dealtOut = sweeping((account) => (account * 3) % 64);

describe('coverage-sweep', () => {
  test('hit: fifty accounts that each go through every topic', () => {
    const members = hired(50, everyTopic);
    const row = measured([...strangers(600), ...members], members)!;
    expect(row.nats).toBeGreaterThan(2.3);
    expect(row.observed).toBeGreaterThan(55);
    expect(row.expected).toBeLessThan(45);
  });

  test('hit: the same work dealt out so that each account looks narrow', () => {
    const members = hired(64, dealtOut);
    expect(measured([...strangers(600), ...members], members)!.nats).toBeGreaterThan(2.3);
  });

  test('hit: at two exchanges a day, and with the topics of three accounts in ten missing', () => {
    const members = hired(60, everyTopic, { rate: 2 });
    const specs = withoutPrompt([...strangers(600), ...members], 'topic');
    expect(measured(specs, members)!.nats).toBeGreaterThan(2.3);
  });

  test('no hit: a viral template’s users, who are as uneven as everybody', () => {
    const viral = strangers(80, {
      name: 'viral',
      change: ({ prompt }) => ({ prompt: { ...prompt, template: 'viral' } }),
    });
    expect(measured([...strangers(600), ...viral], viral)!.nats).toBeLessThan(1);
  });

  test('no hit: a reseller’s keys, each of them as broad as all of its customers', () => {
    const customers = strangers(200, { name: 'customer' });
    const keys = hired(30, (key) => (index, day) => {
      const customer = customers[(key * 31 + index * 7 + day * 53) % customers.length]!;
      return { ...customer.usage!(index, day), params: undefined };
    });
    expect(measured([...strangers(600), ...keys], keys)!.nats).toBeLessThan(1);
  });

  test('no hit: a narrow campaign, which is the business of others', () => {
    const members = hired(50, () => (index) => ({ prompt: { topic: index % 3, template: `t ${index}` } }));
    expect(measured([...strangers(600), ...members], members)!.nats).toBeLessThan(0);
  });

  test('exchanges without a topic are no evidence', () => {
    const members = hired(50, () => () => ({ prompt: { template: 'one' } }));
    expect(measured([...strangers(300), ...members], members)).toBeUndefined();
  });

  test('random candidates among strangers are worth no more than chance', () => {
    expectNullEValues(coverageSweep, populationOf(strangers(600)));
  });
});
