import { type Lookalike, option } from './lookalike.ts';
import { fleet } from './one-company.ts';

/** A verified team that may make synthetic data for a small model of its own, and does. */
export const syntheticData: Lookalike = {
  id: 'B12',
  title: 'Licensed synthetic-data team',
  size: 6,
  options: { exchanges: 700 },
  open: (occasion) =>
    fleet(occasion, {
      persona: 'batch',
      curve: 'nightly',
      rate: option(occasion, 'exchanges'),
      tasks: { data_generation: 80, reasoning_trace: 20 },
      templates: 10,
      free: 0,
      flags: [['format_forced', 0.9]],
      fixedContract: true,
      verified: true,
    }),
};
