/** One kind of world of the evaluation. */
import type { WorldSpec } from '../../../cli/simulate/spec.ts';
import type { SettingsInput } from '../../../core/settings.ts';

export const SECTIONS = [
  'headline',
  'adversary',
  'consumer',
  'look-alike',
  'null',
  'large-null',
  'measures',
  'ablation',
  'floor',
  'calibration',
] as const;
export type Section = (typeof SECTIONS)[number];

export interface Case {
  id: string;
  section: Section;
  title: string;
  world(seed: string): WorldSpec;
  settings?: SettingsInput;
  /** Day of the window at which reading stops: the campaign goes on, the trial does not. */
  stopDay?: number;
  /** Whether the simple rules look at the same records. */
  compared?: boolean;
  /** What the sections that vary something vary. */
  varied?: Readonly<Record<string, string | number>>;
}
