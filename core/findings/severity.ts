/** Severity: a pure function of the finding and the platform's totals. Never of nationality, language or network kind. */
import type { Classification, Severity } from './finding.ts';

export interface SeverityInput {
  classification: Classification;
  certain: number;
  q: number;
  /** Share of all output tokens of the last 7 days, 0 to 1. */
  shareOfOutput: number;
  /** Consumers: observed over usual volume. */
  multiple: number;
}

export interface Rated {
  severity: Severity;
  /** Every condition that held, with its value. */
  why: string[];
}

interface Rule {
  severity: Severity;
  holds(input: SeverityInput): string[] | undefined;
}

const percent = (share: number) => `${(share * 100).toPrecision(2)}%`;
const count = (value: number) => value.toLocaleString('en-US');

/** Both conditions of a SEV1 for campaigns: surely real, and large. */
function sure(input: SeverityInput, accounts: number, share: number): string[] | undefined {
  if (input.q > 0.01) return undefined;
  const large = largeness(input, accounts, share);
  return large && [`q ${shortQ(input.q)} <= 0.01`, ...large];
}

export function shortQ(q: number): string {
  return q < 1e-4 ? q.toExponential(0) : String(Number(q.toPrecision(2)));
}

function largeness(input: SeverityInput, accounts: number, share: number): string[] | undefined {
  const why: string[] = [];
  if (input.certain >= accounts) why.push(`certain accounts ${count(input.certain)} >= ${count(accounts)}`);
  if (input.shareOfOutput >= share)
    why.push(`${percent(input.shareOfOutput)} of output of 7 days >= ${percent(share)}`);
  return why.length > 0 ? why : undefined;
}

const always = () => [];

const RULES: Record<Classification, readonly Rule[]> = {
  distillation: [
    { severity: 'SEV1', holds: (input) => sure(input, 1000, 0.01) },
    { severity: 'SEV2', holds: always },
  ],
  coordinated_abuse: [
    { severity: 'SEV1', holds: (input) => sure(input, 10_000, 0.05) },
    { severity: 'SEV2', holds: (input) => largeness(input, 100, 0.005) },
    { severity: 'SEV3', holds: always },
  ],
  account_takeover: [
    {
      severity: 'SEV1',
      holds: (input) => (input.certain >= 100 ? [`certain accounts ${count(input.certain)} >= 100`] : undefined),
    },
    { severity: 'SEV2', holds: always },
  ],
  key_sharing: [
    {
      severity: 'SEV2',
      holds: ({ shareOfOutput }) =>
        shareOfOutput >= 0.01 ? [`${percent(shareOfOutput)} of output of 7 days >= 1%`] : undefined,
    },
    { severity: 'SEV3', holds: always },
  ],
  volume_anomaly: [
    {
      severity: 'SEV2',
      holds: ({ multiple, shareOfOutput }) =>
        multiple >= 20 && shareOfOutput >= 0.001
          ? [
              `${multiple.toPrecision(2)} times its usual >= 20`,
              `${percent(shareOfOutput)} of output of 7 days >= 0.1%`,
            ]
          : undefined,
    },
    {
      severity: 'SEV3',
      holds: ({ multiple }) => (multiple >= 3 ? [`${multiple.toPrecision(2)} times its usual >= 3`] : undefined),
    },
    { severity: 'INFO', holds: always },
  ],
};

const ORDER: readonly Severity[] = ['SEV1', 'SEV2', 'SEV3', 'INFO'];

export function rateSeverity(input: SeverityInput): Rated {
  for (const { severity, holds } of RULES[input.classification]) {
    const why = holds(input);
    if (why !== undefined) return limited(input, { severity, why: [input.classification, ...why] });
  }
  return { severity: 'INFO', why: [input.classification] };
}

/** Doubtful, or nobody certain: at most SEV3. */
function limited(input: SeverityInput, rated: Rated): Rated {
  const doubt = input.q > 0.05 ? `q ${shortQ(input.q)} > 0.05` : input.certain === 0 ? 'no certain account' : undefined;
  if (doubt === undefined || !graver(rated.severity, 'SEV3')) return rated;
  return { severity: 'SEV3', why: [...rated.why, `at most SEV3: ${doubt}`] };
}

export function graver(a: Severity, b: Severity): boolean {
  return ORDER.indexOf(a) < ORDER.indexOf(b);
}

/** One step less grave, at most INFO. */
export function oneStepDown(severity: Severity): Severity {
  return ORDER[Math.min(ORDER.length - 1, ORDER.indexOf(severity) + 1)]!;
}
