import { expect, test } from 'vitest';
import { parseSettings } from '../../core/settings.ts';
import { sweep } from '../../core/sweep.ts';
import { dayMs, ordinary, pool, segmentOf } from '../support/population.ts';

const settings = parseSettings({});

test('try', () => {
  const world = [...ordinary(800), ...pool()];
  let t = performance.now();
  const segment = segmentOf(world);
  console.log('build', performance.now() - t);
  t = performance.now();
  const result = sweep({ at: dayMs(10), segments: [segment], releases: [], tracked: [], settings });
  console.log('sweep', performance.now() - t, JSON.stringify(result.transitions, null, 1).slice(0, 4000), result.summary.candidates, result.summary.held);
  t = performance.now();
  const none = sweep({ at: dayMs(10), segments: [segmentOf(ordinary(800))], releases: [], tracked: [], settings });
  console.log('none', performance.now() - t, none.transitions.length, none.summary.candidates, none.summary.held);
  expect(1).toBe(1);
});
