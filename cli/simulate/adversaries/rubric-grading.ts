import type { Adversary } from './adversary.ts';

/** Eight candidate answers at a time, each sent for a score: the platform's model as a reward model. */
export const rubricGrading: Adversary = {
  id: 'A14',
  title: 'Rubric grading of eight candidates at a time',
  accounts: 1000,
  ratePerDay: 40,
  days: 21,
  settings: {
    tasks: { rubric_grading: 1 },
    copies: 8,
    turns: 1,
    templates: 4,
    topics: 30,
    flags: { rubric: 0.95, format_forced: 0.9 },
    inputMedian: 2600,
    inputSigma: 0.5,
    outputMedian: 35,
    outputSigma: 0.3,
    maxTokens: 256,
    temperature: 0,
  },
};
