/** The harmless look-alikes by name, and how a world opens one. */
import { DAY } from '../clock.ts';
import { Crowd, type Source } from '../crowd.ts';
import { People } from '../people.ts';
import type { Platform } from '../platform.ts';
import { type LookalikeSpec, WorldSpecError } from '../spec.ts';
import { Ledger } from '../truth.ts';
import { batchEvaluation } from './batch-evaluation.ts';
import { ciFleet } from './ci-fleet.ts';
import { clientUpgrade } from './client-upgrade.ts';
import { corporateNetwork } from './corporate-network.ts';
import { explainability } from './explainability.ts';
import { keyRotation } from './key-rotation.ts';
import type { Lookalike } from './lookalike.ts';
import { productLaunch } from './product-launch.ts';
import { reseller } from './reseller.ts';
import { syntheticData } from './synthetic-data.ts';
import { universityClass } from './university-class.ts';
import { viralTemplate } from './viral-template.ts';

export const LOOKALIKES: readonly Lookalike[] = [
  universityClass,
  corporateNetwork,
  productLaunch,
  batchEvaluation,
  viralTemplate,
  reseller,
  ciFleet,
  clientUpgrade,
  explainability,
  syntheticData,
  keyRotation,
];

/** @throws WorldSpecError where scenario or an option is unknown. */
export function openLookalike(
  spec: LookalikeSpec,
  index: number,
  platform: Platform,
  maxPerDay: number,
): { source: Source; ledger: Ledger } {
  const scenario = LOOKALIKES.find(({ id }) => id === spec.scenario);
  if (!scenario) {
    const known = LOOKALIKES.map(({ id }) => id).join(', ');
    throw new WorldSpecError(`lookalikes.${index}.scenario: unknown scenario ${spec.scenario}. Known: ${known}.`);
  }
  const unknown = Object.keys(spec.options).find((key) => scenario.options[key] === undefined);
  if (unknown) {
    const known = Object.keys(scenario.options).join(', ');
    throw new WorldSpecError(`lookalikes.${index}.options.${unknown}: unknown option. ${scenario.id} has: ${known}.`);
  }
  const name = spec.name ?? `${scenario.id}-${index + 1}`;
  const people = new People(platform, `lookalike/${name}`);
  const ledger = new Ledger(name, scenario.id);
  const options = { ...scenario.options, ...spec.options };
  const start = platform.start + spec.start * DAY;
  const crowd = scenario.open({ platform, people, size: spec.size ?? scenario.size, start, options });
  return { source: new Crowd(crowd, platform, people.seed, maxPerDay, ledger), ledger };
}
