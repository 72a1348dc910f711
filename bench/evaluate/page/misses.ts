/** What is not found, or wrongly found, seed by seed, and why. */
import { parseSettings } from '../../../core/settings.ts';
import type { CampaignScore } from '../trial/score.ts';
import { byId, type CaseResult, type Evaluation, foundIn, hostile, inSection, scoresOf } from './data.ts';
import { targetsOf } from './targets.ts';
import { CONSUMER_HOURS } from './targets-innocent.ts';
import { listed, percent } from './words.ts';

export function missesSection(evaluation: Evaluation): string {
  const lines = [
    ...missedTargets(evaluation),
    ...hostile(evaluation).flatMap(missedCampaigns),
    ...inSection(evaluation, 'consumer').flatMap(missedConsumers),
    ...inSection(evaluation, 'headline', 'adversary', 'consumer', 'look-alike', 'null', 'large-null').flatMap(accused),
  ];
  return `## What is weak, not found, and why

${lines.length === 0 ? 'Every target was met, every campaign found, nobody innocent accused.' : lines.map((line) => `- ${line}`).join('\n')}

Out of reach by construction, whatever the seeds:

${outOfReach(evaluation)
  .map((line) => `- ${line}`)
  .join('\n')}`;
}

function missedTargets(evaluation: Evaluation): string[] {
  return targetsOf(evaluation)
    .filter(({ met }) => met === false || met === 'open')
    .map(({ item, target, measured, met }) => {
      const verdict = met === 'open' ? 'Target not shown to be met' : 'Target missed';
      return `${verdict}: ${item}. Asked for ${target}, measured ${measured}.`;
    });
}

function missedCampaigns(result: CaseResult): string[] {
  const missed = result.trials.flatMap(({ seed, campaigns }) =>
    campaigns.filter(({ found }) => !found).map((score) => `\`${seed}\` (${whyMissed(score)})`),
  );
  if (missed.length === 0) return [];
  const { id, title } = result.one;
  return [
    `${id}, ${title}: missed in ${missed.length} of ${scoresOf(result).length} seeds: ${listed(shortened(missed))}.`,
  ];
}

const SHOWN = 4;

function shortened(lines: readonly string[]): string[] {
  return lines.length <= SHOWN ? [...lines] : [...lines.slice(0, SHOWN), `${lines.length - SHOWN} more`];
}

function whyMissed({ best }: CampaignScore): string {
  if (best.share === 0) return 'no finding held any of its accounts';
  return `the best finding held ${percent(best.share)} of it and was ${percent(best.purity)} its own`;
}

function missedConsumers(result: CaseResult): string[] {
  const late = result.trials.filter(({ campaigns }) =>
    campaigns.some(({ hoursToAny }) => hoursToAny === undefined || hoursToAny > CONSUMER_HOURS),
  );
  if (late.length === 0) return [];
  const never = late.filter(({ campaigns }) => campaigns.some(({ hoursToAny }) => hoursToAny === undefined)).length;
  const seeds = shortened(late.map(({ seed }) => `\`${seed}\``));
  return [
    `${result.one.id}, ${result.one.title}: not told within ${CONSUMER_HOURS} h in ${late.length} of ${result.trials.length} seeds, never in ${never}: ${listed(seeds)}.`,
  ];
}

function accused({ one, trials }: CaseResult): string[] {
  const wrong = trials.filter(({ falseCampaigns }) => falseCampaigns > 0);
  if (wrong.length === 0) return [];
  const seeds = shortened(
    wrong.map(({ seed, falseDistillations }) => `\`${seed}\`${falseDistillations > 0 ? ' (distillation)' : ''}`),
  );
  return [
    `${one.id}, ${one.title}: an innocent group accused in ${wrong.length} of ${trials.length} seeds: ${listed(seeds)}.`,
  ];
}

function outOfReach(evaluation: Evaluation): string[] {
  const { minAccounts, minOrgs } = parseSettings({}).detection;
  const hidden = byId(evaluation, 'A20').map(
    (result) =>
      `A20, found in ${foundIn(result).length} of ${result.trials.length} seeds: ordinary sign-ups over half a year, everybody's cards, exits and clients, a rhythm of its own for each account, every prompt rewritten. Nothing links its accounts, so no candidate forms. Identity checks and controls on outputs are what is left.`,
  );
  return [
    ...hidden,
    `Campaigns of fewer than ${minAccounts} accounts or ${minOrgs} organisations are never opened; a group inside one organisation is one customer.`,
    'Deployments that send only the required fields: nothing links accounts, only single consumers are seen.',
    'A campaign spread over several providers shows each of them a part.',
  ];
}
