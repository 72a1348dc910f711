/** `evaluation.md`: results first, then what is weak, then the method. */
import { campaignsSection } from './campaigns.ts';
import { byId, type Evaluation, inSection } from './data.ts';
import type { Figure } from './draw.ts';
import { daysFigure, foundFigure, measuresFigure } from './figures.ts';
import { ablationFigure, floorFigure, rulesFigure } from './grids.ts';
import { consumersSection, innocentSection } from './innocent.ts';
import { methodSection, sweepSection } from './method.ts';
import { missesSection } from './misses.ts';
import { rulesSection } from './rules.ts';
import { targetsSection } from './targets.ts';
import { ablationSection, floorSection, measuresSection } from './variations.ts';

export interface Page {
  text: string;
  figures: Figure[];
}

export function evaluationPage(evaluation: Evaluation): Page {
  const sections = [
    targetsSection,
    missesSection,
    campaignsSection,
    innocentSection,
    consumersSection,
    floorSection,
    measuresSection,
    ablationSection,
    rulesSection,
    sweepSection,
    methodSection,
  ].map((section) => section(evaluation));
  const text = [INTRODUCTION, ...sections].map((section) => section.trim()).filter((section) => section !== '');
  return { text: `${text.join('\n\n')}\n`, figures: figuresOf(evaluation) };
}

const INTRODUCTION = `# Evaluation

How often campaigns are found, how much leaks before, how often the innocent are accused. Made by \`npm run evaluate\`.

The worlds are simulated. They measure consistency with stated assumptions, not accuracy in the field: nobody publishes
traffic of LLM accounts with labels of coordination.`;

/** Only those whose worlds were run. */
function figuresOf(evaluation: Evaluation): Figure[] {
  const hasCampaigns = inSection(evaluation, 'headline', 'adversary').length > byId(evaluation, 'A1-whole').length;
  return [
    ...(hasCampaigns ? [foundFigure(evaluation), daysFigure(evaluation), rulesFigure(evaluation)] : []),
    ...(inSection(evaluation, 'floor').length > 0 ? [floorFigure(evaluation)] : []),
    ...(inSection(evaluation, 'measures').length > 0 ? [measuresFigure(evaluation)] : []),
    ...(inSection(evaluation, 'ablation').length > 0 ? [ablationFigure(evaluation)] : []),
  ];
}
