/** What the page is made of. */

import type { Tier } from '../plan.ts';
import { average } from '../statistics.ts';
import type { Case, Section } from '../trial/case.ts';
import type { CampaignScore, Tallied } from '../trial/score.ts';
import type { Thresholds, Trial } from '../trial/trial.ts';

export type SeededTrial = Trial & { seed: string };

export interface CaseResult {
  one: Case;
  trials: SeededTrial[];
}

export interface Evaluation {
  results: CaseResult[];
  thresholds: Thresholds;
  tier: Tier;
  /** Whether the seeds are those that nothing else uses. */
  reported: boolean;
  /** Names the code that was measured. */
  code: string;
}

/** Cases of those sections that were run. */
export function inSection({ results }: Evaluation, ...sections: Section[]): CaseResult[] {
  return results.filter(({ one, trials }) => sections.includes(one.section) && trials.length > 0);
}

export function byId(evaluation: Evaluation, ...ids: string[]): CaseResult[] {
  return evaluation.results.filter(({ one, trials }) => ids.includes(one.id) && trials.length > 0);
}

/** Worlds with a campaign that is looked for: the headline and the other adversaries. */
export function hostile(evaluation: Evaluation): CaseResult[] {
  return inSection(evaluation, 'headline', 'adversary').filter(({ one }) => one.id !== 'A1-whole');
}

export function scoresOf({ trials }: CaseResult): CampaignScore[] {
  return trials.flatMap(({ campaigns }) => campaigns);
}

export function foundIn(result: CaseResult): CampaignScore[] {
  return scoresOf(result).filter(({ found }) => found);
}

/** Of the accounts of a campaign, or of nobody: 0. */
export function recallOf({ accounts }: CampaignScore, { right }: Tallied): number {
  return accounts === 0 ? 0 : right / accounts;
}

export function pooled(tallies: readonly Tallied[]): Tallied {
  return tallies.reduce((a, b) => ({ right: a.right + b.right, held: a.held + b.held }), { right: 0, held: 0 });
}

/** Registered accounts times weeks. */
export function accountWeeks(results: readonly CaseResult[]): number {
  return results
    .flatMap(({ trials }) => trials)
    .reduce((total, { registered, weeks }) => total + registered * weeks, 0);
}

/** Share of a campaign's accounts in its findings, mean over the seeds. */
export function meanRecall(result: CaseResult): number {
  return average(scoresOf(result).map((score) => recallOf(score, score.all)));
}

/** Share of seeds in which it was found. */
export function foundShare(result: CaseResult): number {
  return foundIn(result).length / scoresOf(result).length;
}
