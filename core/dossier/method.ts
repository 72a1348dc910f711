/** How the evidence came about, in words: what was counted, and what chance was made to give. */
import { DETECTORS } from '../detectors/index.ts';
import type { Evidence, Finding } from '../findings/finding.ts';
import { evidencePhrase } from '../messages/evidence-phrases.ts';

export interface EvidenceRow extends Evidence {
  /** What `observed` and `expected` count. */
  counted: string;
  /** The statistic, and how its expectation was made. */
  statistic: string;
  expectation: string;
}

export function evidenceRows({ evidence }: Finding): EvidenceRow[] {
  return evidence.map((row) => {
    const meta = DETECTORS.find(({ slug }) => slug === row.detector);
    return {
      ...row,
      counted: evidencePhrase(row),
      statistic: meta?.statistic ?? '',
      expectation: meta?.nullModel ?? '',
    };
  });
}

/** The smallest campaigns that this version finds, as its evaluation measured them. A test holds it against that page. */
export const DETECTION_FLOOR =
  'Found in every simulated trial, among 3,000 accounts within eight days: 10 accounts at 2 a day, 10 accounts at 6 a day, 10 accounts at 25.6 a day and 10 accounts at 200 a day. Smaller ones, and campaigns of fewer than ten accounts, may go unseen.';

/** What the dossier does not say, whatever its figures are. */
export const NOT_CLAIMED =
  'Who is behind these accounts, for whom they act, from where, and whether any law or contract was broken is not claimed: usage records do not show it. What was asked and answered was not kept.';
