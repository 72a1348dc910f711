/** Evidence in words: what was counted, so that `observed` and `expected` can be read without knowing the detector. */
import type { DetectorSlug, Evidence } from '../findings/finding.ts';

interface Phrase {
  /** Whole phrases for the units in which the noun fits the sentence. */
  units: Record<string, string>;
  /** Stands before `(unit)` for every other short unit. */
  other: string;
}

const ACCOUNTS = 'share of accounts';

const NETWORK: Phrase = {
  units: { [ACCOUNTS]: "accounts on the members' most shared client builds" },
  other: 'shared exits and client builds',
};

const PHRASES: Record<DetectorSlug, Phrase> = {
  'state-custody': {
    units: {
      exchanges: 'exchanges presenting state minted for another member',
      pairs: 'pairs of members passing state from one to the other',
    },
    other: 'state minted for one member, presented by another',
  },
  'entity-links': {
    units: { [ACCOUNTS]: 'accounts sharing a card, sign-up pattern or referral' },
    other: 'shared cards, sign-up patterns and referrals',
  },
  'cohort-birth': {
    units: { [ACCOUNTS]: 'accounts first used within 1 h of another member' },
    other: 'accounts begun together',
  },
  'load-balancing': { units: {}, other: "evenness of members' volumes" },
  'pool-rhythm': {
    units: { correlation: "correlation of members' hours, daily cycle removed" },
    other: 'common hours and common pauses',
  },
  'template-family': {
    units: { [ACCOUNTS]: 'accounts on templates seen nowhere else', accounts: 'accounts on one template' },
    other: 'prompts of one template family',
  },
  'output-contract': {
    units: { [ACCOUNTS]: 'accounts asking for one rare form of answer', accounts: 'accounts on one form of answer' },
    other: 'one rare form of answer asked for',
  },
  'reasoning-elicitation': {
    units: {
      'share of exchanges': 'exchanges asking for written-out reasoning',
      [ACCOUNTS]: 'accounts asking for written-out reasoning',
    },
    other: 'written-out reasoning asked for',
  },
  'rubric-grading': {
    units: { [ACCOUNTS]: 'accounts using the model as a grader' },
    other: 'the model used as a grader',
  },
  'coverage-sweep': { units: {}, other: 'breadth that no single member shows' },
  'capability-focus': { units: {}, other: 'tasks unlike those of all accounts' },
  'release-pivot': {
    units: { [ACCOUNTS]: 'accounts that moved to a new model within a day' },
    other: 'moved to a new model within a day',
  },
  'consumer-anomaly': {
    units: { 'exchanges a day': 'exchanges a day, against its own past and its peers' },
    other: 'volume against its own past and its peers',
  },
  'key-sharing': { units: {}, other: 'diversity of clients, prompts and sessions on one account' },
  'content-shift': { units: {}, other: 'content unlike that of comparable accounts' },
};

/** From this many words on a unit says by itself what was counted. */
const TELLING_WORDS = 4;

/** The phrase for one evidence row; a detector without one gives its name and unit. */
export function evidencePhrase(evidence: Evidence): string {
  const known: Phrase | undefined = evidence.group === 'network' ? NETWORK : PHRASES[evidence.detector];
  const phrase = known?.units[evidence.unit];
  if (phrase) return phrase;
  const noun = evidence.unit.replace(/^share of /, '');
  if (noun.split(' ').length >= TELLING_WORDS) return noun;
  return `${known ? known.other : evidence.detector} (${evidence.unit})`;
}
