/** The hostile scenarios by name, and how a world opens one. */
import { DAY } from '../clock.ts';
import type { Source } from '../crowd.ts';
import type { Opening } from '../operator/operator.ts';
import { Operator } from '../operator/operator.ts';
import { type OperatorSettings, operatorSchema, USUAL } from '../operator/settings.ts';
import type { Platform } from '../platform.ts';
import { type CampaignSpec, WorldSpecError } from '../spec.ts';
import { Ledger } from '../truth.ts';
import type { Adversary } from './adversary.ts';
import { busyFew } from './busy-few.ts';
import { careful, carefulParaphrased, carefulUneven } from './careful.ts';
import { coverageSweep } from './coverage-sweep.ts';
import { invisible } from './invisible.ts';
import { probeAndBurst } from './probe-and-burst.ts';
import { quietClone } from './quiet-clone.ts';
import { relay } from './relay.ts';
import { releasePivot } from './release-pivot.ts';
import { replayedRewritten, replayedState } from './replayed-state.ts';
import { resaleCover } from './resale-cover.ts';
import { rubricGrading } from './rubric-grading.ts';
import { secondPool } from './second-pool.ts';
import { sharedKey } from './shared-key.ts';
import { slowRamp } from './slow-ramp.ts';
import { surge, surgeAtOnce } from './surge.ts';
import { takeover } from './takeover.ts';

export const ADVERSARIES: readonly Adversary[] = [
  quietClone,
  busyFew,
  secondPool,
  relay,
  probeAndBurst,
  slowRamp,
  careful,
  carefulUneven,
  carefulParaphrased,
  resaleCover,
  releasePivot,
  coverageSweep,
  rubricGrading,
  surge,
  surgeAtOnce,
  sharedKey,
  takeover,
  replayedState,
  replayedRewritten,
  invisible,
];

/** @throws WorldSpecError where scenario or settings are unknown. */
export function openCampaign(
  spec: CampaignSpec,
  index: number,
  platform: Platform,
): { source: Source; ledger: Ledger } {
  const adversary = ADVERSARIES.find(({ id }) => id === spec.scenario);
  if (!adversary) {
    const known = ADVERSARIES.map(({ id }) => id).join(', ');
    throw new WorldSpecError(`campaigns.${index}.scenario: unknown scenario ${spec.scenario}. Known: ${known}.`);
  }
  const name = spec.name ?? `${adversary.id}-${index + 1}`;
  const ledger = new Ledger(name, adversary.id);
  const settings = settingsOf(adversary, spec, index);
  const opening: Opening = {
    group: `campaign/${name}`,
    plan: planOf(adversary, spec, platform),
    settings,
    platform,
    ledger,
  };
  const source = adversary.open?.(opening) ?? new Operator(opening, adversary.voice);
  return { source, ledger };
}

function settingsOf(adversary: Adversary, spec: CampaignSpec, index: number): OperatorSettings {
  const parsed = operatorSchema.safeParse({ ...USUAL, ...adversary.settings, ...spec.overrides });
  if (parsed.success) return parsed.data as OperatorSettings;
  const issue = parsed.error.issues[0];
  const where = ['overrides', ...(issue?.path ?? [])].join('.');
  throw new WorldSpecError(
    `campaigns.${index}.${where}: ${issue?.message}. Settings: ${Object.keys(USUAL).join(', ')}.`,
  );
}

function planOf(adversary: Adversary, spec: CampaignSpec, platform: Platform): Opening['plan'] {
  const days = spec.days ?? adversary.days;
  const from = platform.start + spec.start * DAY;
  return {
    accounts: spec.accounts ?? adversary.accounts,
    ratePerDay: spec.ratePerDay ?? adversary.ratePerDay,
    from,
    to: Math.min(from + days * DAY, platform.end),
    days,
    load: (day) => adversary.load?.(day, days) ?? 1,
    inUse: (day) => adversary.inUse?.(day, days) ?? 1,
  };
}
