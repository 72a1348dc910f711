/** The innocent causes in an alert: those that look alike share a line, the unchecked ones stand apart. */
import { BENIGN_CAUSES, type BenignCause, type BenignCheck } from '../findings/transition.ts';
import type { Section } from './content.ts';
import type { FindingEnvelope } from './envelope.ts';
import { measure, nats, shortPercent } from './numbers.ts';
import { SHORT_CAUSES } from './words.ts';

const TOGETHER: readonly (readonly BenignCause[])[] = [
  ['corporate_nat', 'carrier_nat', 'vpn'],
  ['load_test', 'org_move'],
  ['retry_storm', 'class'],
  ['product_launch', 'sdk_upgrade', 'new_model_rush'],
  ['reseller'],
];

const RESULTS: [BenignCheck['result'], string][] = [
  ['explains', 'EXPLAINED IN PART BY'],
  ['partly', 'PARTLY EXPLAINED BY'],
  ['ruled_out', 'CHECKED, NOT THE CAUSE'],
];

const WITHOUT_NETWORK = 'nats without network evidence';

/** Every cause, in the order of the contract: what a sweep says nothing of, it has not checked. */
export function allChecks(checks: readonly BenignCheck[]): BenignCheck[] {
  return BENIGN_CAUSES.map((cause) => checks.find((check) => check.cause === cause) ?? unchecked(cause));
}

export function benignSections(told: FindingEnvelope): Section[] {
  const checks = told.benign;
  const total = told.finding.evidence.reduce((sum, { strength }) => sum + strength, 0);
  const checked = RESULTS.flatMap(([result, label]) => {
    const rows = rowsOf(
      checks.filter((check) => check.result === result),
      total,
    );
    return rows.length === 0 ? [] : [{ label, table: { head: [], rows, figuresFrom: 2, least: [32] } }];
  });
  return [...checked, ...notChecked(checks.filter(({ result }) => result === 'not_checked'))];
}

function unchecked(cause: BenignCause): BenignCheck {
  return { cause, result: 'not_checked', why: 'no check for a finding of this kind' };
}

function rowsOf(checks: readonly BenignCheck[], total: number): string[][] {
  let first = true;
  return TOGETHER.flatMap((causes) => {
    const inLine = checks.filter(({ cause }) => causes.includes(cause));
    if (inLine.length === 0) return [];
    const words = inLine.map((check) => {
      const said = checkWords(check, { first, total });
      if (check.limit !== undefined) first = false;
      return said;
    });
    return [[inLine.map(({ cause }) => SHORT_CAUSES[cause]).join(', '), once(words).join('; ')]];
  });
}

function once(words: string[]): string[] {
  return words.every((word) => word === words[0]) ? words.slice(0, 1) : words;
}

function notChecked(checks: readonly BenignCheck[]): Section[] {
  if (checks.length === 0) return [];
  const reasons = Map.groupBy(checks, (check) => checkWords(check));
  const words = [...reasons].map(
    ([why, group]) => `${group.map(({ cause }) => SHORT_CAUSES[cause]).join(', ')}: ${why}`,
  );
  return [{ label: 'NOT CHECKED ', text: words.join('; ') }];
}

interface Saying {
  /** Whether a limit has still to be explained: `(explains from 50%)`, then `(80%)`. */
  first: boolean;
  /** Nats of all the evidence, where it is known. */
  total?: number;
}

/** `0.4% of exchanges (explains from 50%)` */
export function checkWords(check: BenignCheck, { first, total }: Saying = { first: true }): string {
  if (check.result === 'not_checked') {
    return (check.why ?? 'the fields it needs are missing').replace(/, (limit .+)$/, ' ($1)');
  }
  if (check.value === undefined) return check.why ?? 'does not fit';
  const { value, limit, unit = '' } = check;
  if (unit === WITHOUT_NETWORK) return remaining(value, total, check.result);
  const written = amount(value, unit);
  if (limit === undefined) return written;
  // A cause that is ruled out by a value above its limit is one of few, not of many: one organisation, say.
  const side = check.result === 'ruled_out' && value > limit ? 'explains up to ' : 'explains from ';
  return `${written} (${first ? side : ''}${figure(limit, unit)})`;
}

function remaining(value: number, total: number | undefined, result: BenignCheck['result']): string {
  const of = total === undefined ? '' : ` of ${nats(total)}`;
  const verdict = result === 'explains' ? 'not let through' : 'let through';
  return `${nats(value)}${of} nats remain without network evidence: ${verdict}`;
}

/** A coefficient stands behind its name, everything else before its noun. */
function amount(value: number, unit: string): string {
  const noun = unit.replace(/^share of /, 'of ');
  return isCoefficient(unit) ? `${unit} ${figure(value, unit)}` : `${figure(value, unit)} ${noun}`.trimEnd();
}

function figure(value: number, unit: string): string {
  if (isCoefficient(unit)) return value.toFixed(2);
  return unit.startsWith('share') ? shortPercent(value) : measure(value, unit);
}

const isCoefficient = (unit: string) => unit === 'Gini';
