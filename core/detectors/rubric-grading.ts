import type { Population } from '../population/population.ts';
import { median as medianOf } from '../sorted.ts';
import { meanOfE } from './comparable.ts';
import type { CampaignDetector, CandidateView, DetectorMeta, Measurement } from './detector.ts';
import { parameter } from './detector.ts';
import { shareTest } from './pooled.ts';
import { manifoldRate, manifoldShare, natsOfP, resample, type Statistic, stratifiedDraw } from './resample.ts';

const meta: DetectorMeta = {
  slug: 'rubric-grading',
  title: 'Rubric grading',
  groups: ['intent'],
  threat: 'The model is used as a reward model: it grades candidate answers by a rubric.',
  inputs: ['prompt.task', 'prompt.flags', 'prompt.template', 'tokens'],
  statistic:
    'Share of members with at least half of their exchanges marked as grading by a rubric and half of at least 1,024 input and under 64 output tokens; and, over those, the median of exchanges per distinct template (candidates graded for one prompt). The two e-values are averaged.',
  nullModel: 'Sets of the same size from the same strata.',
  parameters: [
    { name: 'marked', value: 0.5, unit: 'of an account’s exchanges', source: 'start value' },
    {
      name: 'sized',
      value: 0.5,
      unit: 'of an account’s exchanges',
      source: 'never alone: 57 % of requests of a real code service are of that size (Azure traces, 2023)',
    },
    { name: 'count', value: 3, unit: 'exchanges', source: 'start value' },
    { name: 'minMembers', value: 5, unit: 'members', source: 'start value' },
    { name: 'membersShare', value: 0.15, unit: 'of the members', source: 'what a few do is not what the set is for' },
  ],
  blindSpot: 'Grading worded as conversation; prompts without marks.',
  lookAlike: 'A batch-evaluation firm: one organisation, no links to others.',
  weight: 0.2,
  capNats: 6,
};

function measure(view: CandidateView): Measurement[] {
  const { population, members } = view;
  if (members.length < parameter(meta, 'minMembers') || !population.work.marksRubrics) return [];
  const grades = gradesByRubric(population);
  const { p, observed, median } = shareTest(view, grades);
  const manifold = observed >= parameter(meta, 'membersShare') && manifoldShare(observed, median);
  const tests = [{ nats: natsOfP(manifold ? p : 1), weight: 1 }];
  if (members.some((member) => population.work.distinct.template[member]! > 0 && grades(member))) {
    const repetition = repetitionOf(population, grades);
    const usual = resample(repetition, members, stratifiedDraw(view, population.strata), (own, median) =>
      manifoldRate(own, Math.max(1, median)),
    );
    const repeats = manifold && manifoldRate(repetition(members), Math.max(1, usual.median));
    tests.push({ nats: natsOfP(repeats ? usual.p : 1), weight: 1 });
  }
  const unit = 'share of accounts grading by a rubric';
  const nats = meanOfE(tests, meta.capNats);
  return [{ group: 'intent', detector: meta.slug, nats, observed, expected: median, unit }];
}

function gradesByRubric({ work, exchanges }: Population): (account: number) => boolean {
  const [marked, sized, count] = ['marked', 'sized', 'count'].map((name) => parameter(meta, name)) as [
    number,
    number,
    number,
  ];
  return (account) => {
    const rubric = work.rubric[account]!;
    const all = exchanges[account]!;
    return rubric >= count && rubric >= marked * all && work.longInShortOut[account]! >= sized * all;
  };
}

/** Median of exchanges per distinct template over those who grade; 0 where nobody does. */
function repetitionOf({ work, exchanges }: Population, grades: (account: number) => boolean): Statistic {
  const templates = work.distinct.template;
  const ratios: number[] = [];
  return (set) => {
    ratios.length = 0;
    for (const member of set)
      if (templates[member]! > 0 && grades(member)) ratios.push(exchanges[member]! / templates[member]!);
    return ratios.length === 0 ? 0 : medianOf(ratios);
  };
}

export const rubricGrading: CampaignDetector = { meta, measure };
