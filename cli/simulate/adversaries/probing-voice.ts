/** An operator that looks for what works: it tries one technique after another, then stays with the best. */
import type { Flag } from '../../../core/records/schema.ts';
import type { OperatorSettings } from '../operator/settings.ts';
import { OperatorVoice } from '../operator/work.ts';
import type { Platform } from '../platform.ts';
import type { Random } from '../random.ts';
import type { Subject, Voice } from '../voice.ts';

/** Ways to draw out what a model does not show; each has its own wrapper, templates and schema. */
const TECHNIQUES: readonly Partial<Record<Flag, number>>[] = [
  { cot_elicitation: 0.97, format_forced: 0.95 },
  { cot_elicitation: 0.85 },
  { reasoning_translation: 0.95, cot_elicitation: 0.4 },
  { refusal_probe: 0.9, cot_elicitation: 0.3 },
  { logprobs: 0.97 },
  { rubric: 0.6, cot_elicitation: 0.5 },
];
/** Those that are scaled up. */
const WINNERS = [0, 2] as const;
/** Share of probes that go back to another technique for comparison. */
const COMPARED = 0.25;

export class ProbingVoice implements Voice {
  private readonly voices: OperatorVoice[];
  private readonly from: number;
  private readonly until: number;

  /** Techniques take turns evenly from `from` to `until`; then the winners share the work. */
  constructor(settings: OperatorSettings, platform: Platform, from: number, until: number, random: Random) {
    this.voices = TECHNIQUES.map((flags) => new OperatorVoice({ ...settings, flags }, platform, random));
    this.from = from;
    this.until = until;
  }

  open(random: Random, instant: number): Subject {
    return (this.voices[this.technique(random, instant)] as OperatorVoice).open(random, instant);
  }

  private technique(random: Random, instant: number): number {
    if (instant >= this.until) return random.choice(WINNERS);
    if (random.chance(COMPARED)) return random.int(TECHNIQUES.length);
    const progress = (instant - this.from) / (this.until - this.from);
    return Math.min(TECHNIQUES.length - 1, Math.max(0, Math.floor(progress * TECHNIQUES.length)));
  }
}
