import { describe, expect, test } from 'vitest';
import { outputContract } from '../../../core/detectors/output-contract.ts';
import { type AccountSpec, candidate, names, populationOf } from '../../support/population.ts';
import { expectNullEValues } from './null-e-values.ts';
import { hired, strangers, type Usage, withoutPrompt } from './prompts.ts';

const measured = (specs: readonly AccountSpec[], members: readonly AccountSpec[]) =>
  outputContract.measure(candidate(populationOf(specs), names(members)))[0];

/** Every prompt in new words, every answer in one form. */
const paraphrasing =
  (form: string | undefined, change: Partial<ReturnType<Usage>> = {}) =>
  (account: number): Usage =>
  (index, day) => ({
    prompt: { template: `${account} ${day} ${index}`, ...(form === undefined ? {} : { contract: form }) },
    params: { maxTokens: 2 ** (8 + ((account + index) % 6)), temperature: ((account + day) % 10) / 10 },
    tokens: { input: 64 * 4 ** ((account + index) % 5), output: 16 * 4 ** ((account + index + day) % 5) },
    ...change,
  });

describe('output-contract', () => {
  test('hit: prompts in ever new words that all ask for one form of answer', () => {
    const members = hired(30, paraphrasing('schema'));
    const row = measured([...strangers(400), ...members], members)!;
    expect(row.nats).toBeGreaterThan(2.3);
    expect(row.unit).toContain('output contract');
    expect(row.observed).toBe(1000);
  });

  test('hit: free prose, but with one set of parameters', () => {
    const params = { maxTokens: 8192, temperature: 1 };
    const members = hired(30, paraphrasing(undefined, { params }));
    const row = measured([...strangers(400), ...members], members)!;
    expect(row.nats).toBeGreaterThan(2.3);
    expect(row.unit).toContain('parameters');
  });

  test('hit: at two exchanges a day, with the contracts of three accounts in ten missing', () => {
    const members = hired(40, paraphrasing('schema'), { rate: 2 });
    const specs = withoutPrompt([...strangers(400), ...members], 'contract');
    expect(measured(specs, members)!.nats).toBeGreaterThan(2.3);
  });

  test('no hit: one product’s form in one product’s words, which is a template and not a paraphrase', () => {
    const product: Usage = () => ({ prompt: { template: 'product', contract: 'form' } });
    const members = hired(30, () => product);
    expect(measured([...strangers(400), ...members], members)).toBeUndefined();
  });

  test('no hit: a popular agent’s schema that two thousand and one accounts ask for', () => {
    const crowd = strangers(2001, { days: 1, change: ({ prompt }) => ({ prompt: { ...prompt, contract: 'agent' } }) });
    expect(measured([...crowd, ...strangers(400, { name: 'o', days: 1 })], crowd.slice(0, 40))!.nats).toBeLessThan(0);
  });

  test('no hit: a heavy account does not make the sizes of the others its own', () => {
    const people = strangers(400);
    const heavy: AccountSpec = { ...people[0]!, daily: new Array<number>(6).fill(3000) };
    expect(measured([heavy, ...people.slice(1)], [heavy, ...people.slice(1, 30)])!.nats).toBeLessThan(1);
  });

  test('without forms and parameters there is no data: sizes alone say nothing', () => {
    const members = hired(30, () => () => ({ tokens: { input: 2000, output: 30 } }));
    expect(measured([...strangers(300), ...members], members)).toBeUndefined();
  });

  test('random candidates among strangers are worth no more than chance', () => {
    expectNullEValues(outputContract, populationOf(strangers(600)));
  });
});
