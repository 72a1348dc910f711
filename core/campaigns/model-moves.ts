/** Whether a campaign has moved to a model that came out since people last heard of it. */
import { AccountProfile } from '../aggregates/account-profile.ts';
import { hash48 } from '../aggregates/hash.ts';
import type { Member } from '../findings/finding.ts';
import { DAY_MS, timeMs } from '../records/time.ts';
import type { SweepScene } from './scene.ts';
import type { TrackedFinding } from './tracked.ts';

/** Share of the last day's exchanges on the new model that is worth telling. */
const MOVED_SHARE = 0.25;

/** One reason per model released since the last transition that a quarter of the last day's exchanges were on. */
export function modelMoves(scene: SweepScene, { told }: TrackedFinding, members: readonly Member[]): string[] {
  const since = Date.parse(told.at);
  const fresh = scene.releases.filter(({ time }) => timeMs(time) > since && timeMs(time) <= scene.at);
  if (fresh.length === 0) return [];
  const day = Math.floor((scene.at - 1) / DAY_MS);
  let all = 0;
  const onModel = new Map<number, number>();
  const scratch = new AccountProfile('');
  for (const { account, until } of members) {
    const index = scene.population.indexOf.get(account);
    if (index === undefined || until !== undefined) continue;
    const point = scene.population.profile(index, scratch).series.at(-1);
    if (point === undefined || point.day !== day) continue;
    all += point.exchanges;
    for (const { key, count } of point.models) onModel.set(key, (onModel.get(key) ?? 0) + count);
  }
  return fresh.flatMap(({ model }) => {
    const share = (onModel.get(hash48(model) % 2 ** 32) ?? 0) / Math.max(1, all);
    return share >= MOVED_SHARE ? [`${Math.round(100 * share)}% of the last day on new model ${model}`] : [];
  });
}
