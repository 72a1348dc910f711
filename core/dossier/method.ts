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

/** What the dossier does not say, whatever its figures are. */
export const NOT_CLAIMED =
  'Who is behind these accounts, for whom they act, from where, and whether any law or contract was broken is not claimed: usage records do not show it. What was asked and answered was not kept.';
