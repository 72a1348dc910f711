/** The tables of a dossier as CSV: the numbers of the page, whole. */
import { checkWords } from '../messages/benign-lines.ts';
import { csv } from './csv.ts';
import type { Dossier } from './dossier.ts';
import type { LeakLine } from './leak.ts';

export function tables(dossier: Dossier): Record<string, string> {
  return {
    'figures.csv': figures(dossier),
    'members.csv': members(dossier),
    'timeline.csv': csv(
      ['at', 'kind', 'words'],
      dossier.timeline.map(({ at, kind, words }) => [at, kind, words]),
    ),
    'capabilities.csv': capabilities(dossier),
    'evidence.csv': evidence(dossier),
    'benign.csv': benign(dossier),
    'leak.csv': leak(dossier),
  };
}

function figures({ figures: rows }: Dossier): string {
  return csv(
    ['figure', 'recorded', 'recounted', 'certain_only', 'result'],
    rows.map(({ figure, recorded, recounted, certainOnly, result }) => [
      figure,
      recorded,
      recounted,
      certainOnly,
      result,
    ]),
  );
}

function members({ members: rows }: Dossier): string {
  return csv(
    ['account', 'org', 'confidence', 'claimed', 'since', 'until', 'exchanges', 'output_tokens', 'groups'],
    rows.map((member) => [
      member.account,
      member.org,
      member.confidence,
      member.claimed,
      member.since,
      member.until,
      member.exchanges,
      member.outputTokens,
      member.groups.join(' '),
    ]),
  );
}

function capabilities({ capabilities: rows, unlabelled }: Dossier): string {
  return csv(
    ['task', 'exchanges', 'share', 'lift', 'targeted', 'certain_exchanges', 'certain_share'],
    [
      ...rows.map(({ task, exchanges, share, lift, targeted, low }) => [
        task,
        exchanges,
        share,
        lift,
        targeted,
        low.exchanges,
        low.share,
      ]),
      ...(unlabelled > 0 ? [['unlabelled', unlabelled, null, null, false, null, null]] : []),
    ],
  );
}

function evidence({ evidence: rows }: Dossier): string {
  return csv(
    ['group', 'detector', 'counted', 'observed', 'expected', 'unit', 'nats', 'statistic', 'expectation'],
    rows.map((row) => [
      row.group,
      row.detector,
      row.counted,
      row.observed,
      row.expected,
      row.unit,
      row.strength,
      row.statistic,
      row.expectation,
    ]),
  );
}

function benign({ benign: checks }: Dossier): string {
  return csv(
    ['cause', 'result', 'value', 'limit', 'unit', 'words'],
    checks.map((check) => [check.cause, check.result, check.value, check.limit, check.unit, checkWords(check)]),
  );
}

function leak({ leak: estimate }: Dossier): string {
  const row = ({ task, exchanges, outputTokens, usd }: LeakLine) => [task, exchanges, outputTokens, usd];
  return csv(
    ['capability', 'exchanges', 'output_tokens', 'usd_at_list_price'],
    [
      ...estimate.byCapability.map(row),
      row(estimate.high),
      row(estimate.certain),
      row(estimate.low),
      ...estimate.unpriced.map(({ model, exchanges, outputTokens }) => [
        `unpriced model ${model}`,
        exchanges,
        outputTokens,
        null,
      ]),
    ],
  );
}
