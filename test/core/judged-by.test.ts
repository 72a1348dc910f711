import { describe, expect, it } from 'vitest';
import { DETECTORS } from '../../core/detectors/index.ts';
import { buildOf, changesBetween, judgedBy } from '../../core/judged-by.ts';
import { parseSettings } from '../../core/settings.ts';

const judged = (settings: Parameters<typeof parseSettings>[0] = {}, version = '0.9.2', by = DETECTORS) =>
  JSON.parse(JSON.stringify(judgedBy(parseSettings(settings), version, by))) as ReturnType<typeof judgedBy>;

describe('what changed between two sweeps', () => {
  it('is nothing where nothing was touched', () => expect(changesBetween(judged(), judged())).toEqual([]));

  it('is each setting by its name, with old and new value', () => {
    const now = judged({ alerts: { fold: '4h' }, listPrices: { 'opus-5': 25 } });
    expect(changesBetween(judged(), now)).toEqual([
      { what: 'settings.alerts.fold', was: '"6h"', is: '"4h"' },
      { what: 'settings.listPrices', was: '{}' },
      { what: 'settings.listPrices.opus-5', is: '25' },
    ]);
  });

  it('is the program, a detector that was left out, and a parameter of one that was not', () => {
    const [first, ...others] = DETECTORS;
    const heavier = others.map((meta, i) => (i === 0 ? { ...meta, weight: 99 } : meta));
    const changes = changesBetween(judged(), judged({}, '0.9.3', heavier));
    const gone = changes.filter(({ what }) => what.startsWith(`detectors.${first!.slug}.`));
    expect(gone).toContainEqual({ what: `detectors.${first!.slug}.weight`, was: String(first!.weight) });
    expect(changes).toContainEqual({
      what: `detectors.${others[0]!.slug}.weight`,
      was: String(others[0]!.weight),
      is: '99',
    });
    expect(changes.at(-1)).toEqual({ what: 'version', was: '"0.9.2"', is: '"0.9.3"' });
  });
});

it('the same settings have the same hash after a journey as JSON, and others another', () => {
  const settings = parseSettings({ deployment: 'prod' });
  const { config } = buildOf(JSON.parse(JSON.stringify(settings)) as typeof settings, '1');
  expect(config).toBe(buildOf(settings, '2').config);
  expect(config).toMatch(/^[0-9a-f]{8}$/);
  expect(config).not.toBe(buildOf(parseSettings({ deployment: 'dev' }), '1').config);
});
