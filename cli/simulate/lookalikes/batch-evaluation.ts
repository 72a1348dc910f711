import { type Lookalike, option } from './lookalike.ts';
import { fleet } from './one-company.ts';

/** A firm that scores other people's answers round the clock. */
export const batchEvaluation: Lookalike = {
  id: 'B4',
  title: 'Batch-evaluation firm',
  size: 12,
  options: { exchanges: 300 },
  open: (occasion) =>
    fleet(occasion, {
      persona: 'batch',
      curve: 'flat',
      rate: option(occasion, 'exchanges'),
      tasks: { rubric_grading: 85, analysis: 15 },
      templates: 5,
      free: 0.02,
      flags: [
        ['rubric', 0.9],
        ['format_forced', 0.8],
      ],
      fixedContract: true,
      verified: false,
    }),
};
