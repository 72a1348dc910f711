import { type Lookalike, option } from './lookalike.ts';
import { fleet } from './one-company.ts';

/** Build machines: ephemeral cloud exits, one prompt, bursts at every push. */
export const ciFleet: Lookalike = {
  id: 'B7',
  title: 'CI fleet',
  size: 4,
  options: { exchanges: 500 },
  open: (occasion) =>
    fleet(occasion, {
      persona: 'batch',
      curve: 'office',
      rate: option(occasion, 'exchanges'),
      tasks: { software_engineering: 90, analysis: 10 },
      templates: 4,
      free: 0.05,
      flags: [['format_forced', 0.3]],
      fixedContract: true,
      verified: true,
      burst: 40,
      place: { kind: 'datacenter', subnet: 7, addresses: 250, leaseDays: 0 },
    }),
};
