/** How widely, how evenly and how much apart a set of accounts works: each measure against its spread over drawn sets. */
import type { Population } from '../population/population.ts';
import { SHAPE } from '../population/work.ts';
import { betweenAccounts } from './pooled.ts';
import type { Statistic } from './resample.ts';

/** The first bins of a row. */
const { topics } = SHAPE;
/** Exchanges from which ln(distinct) / ln(exchanges) tells anything. */
const MIN_FOR_GROWTH = 5;

/** -ln of the chance that exchanges of two accounts have the same topic: the entropy of order 2 of the whole set. */
export function unionEntropy({ work }: Population): Statistic {
  const same = betweenAccounts(work.shape, topics);
  return (members) => -Math.log(Math.max(1e-3, same(members)));
}

/**
 * How much narrower each account is than the set: ln of the chance of the same topic within an account over that between
 * accounts. Without the bias of few exchanges, since pairs of different exchanges are counted. Strangers are narrow; a
 * list dealt out in pieces makes accounts narrower, one dealt out at random makes each an image of the whole.
 */
export function partition({ work }: Population): Statistic {
  const same = betweenAccounts(work.shape, topics);
  return (members) => {
    let sum = 0;
    let n = 0;
    for (const member of members) {
      const within = withinAccount(work.shape, member);
      if (within === undefined) continue;
      sum += within;
      n++;
    }
    return n === 0 ? 0 : Math.log(Math.max(1e-3, sum / n)) - Math.log(Math.max(1e-3, same(members)));
  };
}

function withinAccount(rows: Population['work']['shape'], member: number): number | undefined {
  const { offsets, bins } = rows;
  let sum = 0;
  let pairs = 0;
  for (let at = offsets[member]!, end = offsets[member + 1]!; at < end; at++) {
    if (bins[at]! >= topics.bins) break;
    const count = rows.count(at);
    sum += count;
    pairs += count * (count - 1);
  }
  return sum < 2 ? undefined : pairs / (sum * (sum - 1));
}

/** Accounts that are asked for one exchange each; of more members, these many evenly through the set. */
const ASKED = 64;

/** Topics expected among one exchange each of the members, over those expected were all topics equally frequent. */
export function evenness({ work }: Population): Statistic {
  const { shape } = work;
  const { offsets, bins } = shape;
  const missed = new Float64Array(topics.bins);
  return (members) => {
    missed.fill(1);
    let n = 0;
    for (let i = 0, step = Math.max(1, members.length / ASKED); i < members.length; i += step) {
      const member = members[Math.floor(i)]!;
      const sum = work.withTopic[member]!;
      if (sum === 0) continue;
      n++;
      for (let at = offsets[member]!, end = offsets[member + 1]!; at < end && bins[at]! < topics.bins; at++) {
        missed[bins[at]!]! *= 1 - shape.count(at) / sum;
      }
    }
    let expected = 0;
    for (const chance of missed) expected += 1 - chance;
    return n < 2 ? 0 : expected / (topics.bins * (1 - (1 - 1 / topics.bins) ** n));
  };
}

/** Mean growth of distinct prompt templates with exchanges, ln(distinct) / ln(exchanges): 1 where none comes twice. */
export function novelty({ work, exchanges }: Population): Statistic {
  const templates = work.distinct.template;
  return (members) => {
    let sum = 0;
    let n = 0;
    for (const member of members) {
      if (templates[member] === 0 || exchanges[member]! < MIN_FOR_GROWTH) continue;
      sum += Math.min(1, Math.log(Math.max(1, templates[member]!)) / Math.log(exchanges[member]!));
      n++;
    }
    return n === 0 ? 0 : sum / n;
  };
}

/** Mean number of languages, of accounts with any. */
export function languages({ work }: Population): Statistic {
  return (members) => {
    let sum = 0;
    let n = 0;
    for (const member of members) {
      if (work.languages[member] === 0) continue;
      sum += work.languages[member]!;
      n++;
    }
    return n === 0 ? 0 : sum / n;
  };
}
