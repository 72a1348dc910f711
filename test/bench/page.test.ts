import { describe, expect, it } from 'vitest';
import { evaluationPage } from '../../bench/evaluate/page/page.ts';
import { targetsOf } from '../../bench/evaluate/page/targets.ts';
import { evaluation, MISSED, result, score, trial } from './sample.ts';

const found = (n: number) => Array.from({ length: n }, (_, i) => trial(`s-${i + 1}`, { campaigns: [score()] }));
const missed = (seed: string) => trial(seed, { campaigns: [score(MISSED)] });
const target = (page: Parameters<typeof targetsOf>[0], item: RegExp) =>
  targetsOf(page).find((one) => item.test(one.item));
const text = (page: Parameters<typeof evaluationPage>[0]) => evaluationPage(page).text;

describe('the targets', () => {
  it('are missed by a headline case found in 18 of 20 seeds, and met by 19', () => {
    const page = (hits: number) =>
      evaluation(result('A1', ...found(hits), ...Array.from({ length: 20 - hits }, (_, i) => missed(`m-${i}`))));
    expect(target(page(18), /headline case: found/)?.met).toBe(false);
    expect(target(page(19), /headline case: found/)?.met).toBe(true);
  });

  it('are missed by late detection, by leak and by accounts left out', () => {
    const late = score({
      daysFromFirst: 4,
      leaked: 0.09,
      certain: { right: 70, held: 70 },
      all: { right: 85, held: 85 },
    });
    const page = evaluation(result('A1', trial('s', { campaigns: [late] })));
    for (const item of [/days/, /leaked/, /accounts found, certain/, /accounts found, all/])
      expect(target(page, item)?.met).toBe(false);
  });

  it('name the adversary that is below, because a mean would hide it', () => {
    const page = evaluation(result('A4', ...found(20)), result('A6', ...found(3), missed('m')));
    expect(target(page, /^A2-A6/)).toMatchObject({ met: false, measured: 'below: A6 75 %' });
  });

  it('do not claim a false-alarm rate that too few account-weeks cannot show', () => {
    const nulls = (count: number, falseCampaigns = 0) =>
      evaluation(
        result(
          'large-null',
          ...Array.from({ length: count }, (_, i) =>
            trial(`s-${i}`, { registered: 100_000, weeks: 3, falseCampaigns: i === 0 ? falseCampaigns : 0 }),
          ),
        ),
      );
    expect(target(nulls(4), /false campaigns/)?.met).toBe('open');
    expect(target(nulls(10), /false campaigns/)?.met).toBe(true);
    expect(target(nulls(4, 2), /false campaigns/)?.met).toBe(false);
  });

  it('count false findings against the precision of accounts, not only impure ones', () => {
    const wrong = trial('s', { campaigns: [score()], certain: { right: 100, held: 120 }, falseCampaigns: 1 });
    expect(target(evaluation(result('A4', wrong)), /called certain: right/)).toMatchObject({ met: false });
  });

  it('are missed by one look-alike called distillation once', () => {
    const accused = trial('s-2', { falseCampaigns: 1, falseDistillations: 1 });
    const page = evaluation(result('B1', trial('s-1'), accused), result('B2', trial('s-1')));
    expect(target(page, /look-alikes/)).toMatchObject({ met: false, measured: 'B1' });
  });

  it('are missed where the mean e-value of null candidates is surely above 1', () => {
    const withMean = (mean: number) => (i: number) =>
      trial(`s-${i}`, { eValues: { candidates: 50, mean: mean + i / 100 } });
    const page = (mean: number) => evaluation(result('null', ...[0, 1, 2, 3].map(withMean(mean))));
    expect(target(page(1.5), /mean e-value/)?.met).toBe(false);
    expect(target(page(0.6), /mean e-value/)?.met).toBe(true);
  });

  it('ask for consumers in time, not ever', () => {
    const told = (hours: number) => trial('s', { campaigns: [score({ ...MISSED, hoursToAny: hours })] });
    expect(target(evaluation(result('A16', told(49))), /heavy consumers/)?.met).toBe(false);
    expect(target(evaluation(result('A16', told(48))), /heavy consumers/)?.met).toBe(true);
  });
});

describe('the page', () => {
  it('says which seed was missed and how far it came', () => {
    const close = score({ ...MISSED, best: { share: 0.62, purity: 0.8 } });
    const page = text(evaluation(result('A6', ...found(2), trial('s-3', { campaigns: [close] }))));
    expect(page).toContain('missed in 1 of 3 seeds: `s-3` (the best finding held 62 % of it and was 80 % its own)');
  });

  it('sets A20 and the null worlds beside the headline', () => {
    const page = text(evaluation(result('A1', ...found(1)), result('A20', missed('m')), result('null', trial('n'))));
    const glance = page.slice(page.indexOf('## At a glance'), page.indexOf('## What is weak'));
    for (const item of ['A1, the headline case', 'A20, everything hidden', 'false campaigns in null worlds'])
      expect(glance).toContain(item);
  });

  it('claims no smallest campaign from sizes that were not run', () => {
    const small = text(evaluation(result('floor-10-2', ...found(1))));
    expect(small).toContain('no size at 2 a day');
    const sizes = [10, 20, 40, 80, 160].map((accounts) =>
      result(`floor-${accounts}-2`, accounts === 10 ? missed('m') : found(1)[0]!),
    );
    expect(text(evaluation(...sizes))).toContain('20 accounts at 2 a day');
  });

  it('shows every picture that it draws and draws every picture that it shows', () => {
    const compared = found(2).map((one) => ({ ...one, rules: {} }));
    const { text: page, figures } = evaluationPage(
      evaluation(
        result('A1', ...compared),
        result('floor-10-2', ...found(1)),
        result('measures-0', ...found(1)),
        result('ablation-A1-none', ...found(1)),
      ),
    );
    const shown = [...page.matchAll(/\]\(figures\/([\w.]+)\)/g)].map((match) => match[1]!);
    expect(shown.sort()).toEqual(figures.map(({ file }) => file).sort());
    expect(figures.length).toBe(6);
  });

  it('draws the same bytes for the same results, as a picture that stands alone', () => {
    const page = () => evaluationPage(evaluation(result('A1', ...found(3), missed('m')))).figures.map(({ svg }) => svg);
    expect(page()).toEqual(page());
    for (const svg of page())
      expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" width="\d+"[^>]*aria-label="[^"]+"/);
  });

  it('says that development seeds are no report', () => {
    const page = { ...evaluation(result('A1', ...found(1))), reported: false };
    expect(text(page)).toContain('These are development seeds: the numbers are no report.');
    expect(text({ ...page, reported: true })).not.toContain('development seeds');
  });

  it('has no number that is not one', () => {
    const everything = evaluation(
      result('A1', missed('m')),
      result('A3', missed('m')),
      result('A16', missed('m')),
      result('B1', trial('b')),
      result('null', trial('n')),
      result('measures-0', missed('m')),
      result('ablation-A1-none', missed('m')),
    );
    expect(text(everything)).not.toMatch(/NaN|Infinity|undefined/);
  });
});
