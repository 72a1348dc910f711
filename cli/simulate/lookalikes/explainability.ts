import { type Lookalike, option } from './lookalike.ts';
import { fleet } from './one-company.ts';

/** A product that shows its users why: it asks for reasoning in most of its exchanges. */
export const explainability: Lookalike = {
  id: 'B10',
  title: 'Explainability product',
  size: 10,
  options: { exchanges: 200 },
  open: (occasion) =>
    fleet(occasion, {
      persona: 'service',
      curve: 'service',
      rate: option(occasion, 'exchanges'),
      tasks: { analysis: 70, reasoning_trace: 30 },
      templates: 8,
      free: 0.1,
      flags: [
        ['cot_elicitation', 0.85],
        ['format_forced', 0.4],
      ],
      fixedContract: false,
      verified: false,
    }),
};
