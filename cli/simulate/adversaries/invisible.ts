import { DAY } from '../clock.ts';
import { Crowd, type CrowdPlan, type Source } from '../crowd.ts';
import type { Opening } from '../operator/operator.ts';
import { OperatorVoice } from '../operator/work.ts';
import { People } from '../people.ts';
import { Random } from '../random.ts';
import type { Adversary } from './adversary.ts';

/**
 * Every measure at once and independent hands: ordinary sign-ups over half a year, everybody's clients, exits and
 * cards, each account with its own habits, prompts rewritten, no common schema, a wide mix of work.
 */
export const invisible: Adversary = {
  id: 'A20',
  title: 'Everything hidden, independent operators',
  accounts: 2000,
  ratePerDay: 10,
  days: 45,
  settings: {
    ownSystem: false,
    paraphrased: 1,
    contracts: 0,
    flags: { cot_elicitation: 0.04, format_forced: 0.05 },
    topics: 40,
    tasks: { software_engineering: 35, agentic_reasoning: 20, analysis: 20, writing: 15, conversation: 10 },
    languages: 6,
    inputMedian: 1000,
    inputSigma: 1,
    outputMedian: 200,
    outputSigma: 1,
  },
  open,
};

function open({ group, plan, settings, platform, ledger }: Opening): Source {
  const people = new People(platform, group);
  const voice = new OperatorVoice(settings, platform, new Random(people.seed, 2));
  const crowd: CrowdPlan = {
    size: plan.accounts,
    habits(i) {
      const habits = people.habits(i, people.signUpTime(i, plan.from - 180 * DAY, plan.from), 1, 'developer');
      return { ...habits, rate: habits.rate * (plan.ratePerDay / 10), fadeDays: 1e6 };
    },
    person: (i, habits) => ({ ...people.person(i, habits, 'developer'), voice }),
    factor: (day) => (day >= plan.from && day < plan.to ? 1 : 0),
  };
  return new Crowd(crowd, platform, people.seed, Math.ceil(plan.ratePerDay * 40), ledger);
}
