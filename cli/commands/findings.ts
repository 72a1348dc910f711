/** `list` and `show`: what was found, how it was told and what was decided, in a folder and in a deployment alike. */
import { type CaseState, caseView } from '../../core/cases/case-state.ts';
import type { CaseEntry } from '../../core/cases/entry.ts';
import { casesNow } from '../../core/cases/now.ts';
import { stateWords } from '../../core/cases/rules.ts';
import { STATES, type StateName } from '../../core/cases/state-table.ts';
import type { Evidence, Finding, Member, Severity } from '../../core/findings/finding.ts';
import type { Transition } from '../../core/findings/transition.ts';
import { allChecks, checkWords } from '../../core/messages/benign-lines.ts';
import { plural } from '../../core/messages/numbers.ts';
import { SHORT_CAUSES } from '../../core/messages/words.ts';
import type { ToldMessage } from '../../core/place.ts';
import { InputError } from '../adapters/input/input-error.ts';
import { openPlace } from '../adapters/place/open.ts';
import { entryWords } from './case-words.ts';
import { printEnding, printUndelivered } from './due.ts';
import { count, days, range, table } from './tables.ts';

interface At {
  at: string;
  json?: boolean;
}

interface List extends At {
  state?: string;
  severity?: string;
  unacked?: boolean;
  undelivered?: boolean;
  ending?: string;
}

export async function listCommand({ at, json, ...filter }: List): Promise<void> {
  const place = await openPlace(at);
  const now = Date.now();
  if (filter.undelivered) return printUndelivered(await place.messages(), now, json);
  const cases = await casesNow(place, now);
  if (filter.ending !== undefined) return printEnding(cases, now, filter.ending, json);
  checkFilter(filter);
  const findings = latest((await place.transitions()).map(({ finding }) => finding))
    .sort(openFirst)
    .map((finding) => ({ finding, held: cases.states.get(finding.id) }))
    .filter(({ finding, held }) => fits(finding, held, filter));
  if (json) {
    console.log(JSON.stringify(findings.map(({ finding, held }) => ({ ...finding, case: held && caseView(held) }))));
    return;
  }
  if (findings.length === 0) {
    console.log('no findings');
    return;
  }
  const rows = findings.map(({ finding, held }) => {
    const { id, state, severity, classification, accounts, exchanges, window } = finding;
    const size = range(accounts.certain, accounts.certain + accounts.probable);
    return [id, state, held?.state ?? '-', severity, classification, size, count(exchanges), days(window)];
  });
  const head = ['id', 'state', 'case', 'severity', 'class', 'accounts', 'exchanges', 'window'];
  for (const line of table(head, rows)) console.log(line);
}

const SEVERITIES: readonly Severity[] = ['SEV1', 'SEV2', 'SEV3', 'INFO'];

/** A filter that can match nothing is a mistake, not an empty list. */
function checkFilter({ state, severity }: Pick<List, 'state' | 'severity'>): void {
  if (state !== undefined && !STATES.includes(state as StateName))
    throw new InputError(`--state ${state}: no such state; choose one of ${STATES.join(', ')}`);
  if (severity !== undefined && !SEVERITIES.includes(severity as Severity))
    throw new InputError(`--severity ${severity}: no such severity; choose one of ${SEVERITIES.join(', ')}`);
}

function fits(
  finding: Finding,
  held: CaseState | undefined,
  { state, severity, unacked }: List | Omit<List, 'at'>,
): boolean {
  if (state !== undefined && held?.state !== state) return false;
  if (severity !== undefined && finding.severity !== severity) return false;
  return !unacked || held?.state === 'new';
}

interface Show extends At {
  why?: boolean;
  members?: boolean;
  messages?: boolean;
  log?: boolean;
}

export async function showCommand(id: string, { at, json, ...parts }: Show): Promise<void> {
  const place = await openPlace(at);
  const all = await place.transitions();
  const transitions = all.filter(({ finding }) => finding.id === id);
  const last = transitions.at(-1);
  if (last === undefined)
    throw new InputError(`${id}: no such finding in ${at}; stillwatch list --at ${at} names them`);
  const members = parts.members ? await place.members(id) : undefined;
  const messages = parts.messages ? await place.messages(id) : undefined;
  const cases = await casesNow(place, Date.now());
  const held = cases.states.get(id);
  const log = parts.log ? logOf(cases.log, id, all) : undefined;
  if (json) {
    const { finding, context } = last;
    const { shadow } = context;
    const benign = parts.why ? { benign: allChecks(context.benign), ...given({ shadow }) } : {};
    const told = transitions.map((transition) => transition.finding);
    const decided = held ? { case: caseView(held) } : {};
    const shown = { finding, transitions: told, ...decided, ...benign, ...given({ members, messages, log }) };
    console.log(JSON.stringify(shown));
    return;
  }
  const lines = [
    ...figures(last.finding),
    ...(held ? caseLines(held) : []),
    ...(parts.why ? [...evidence(last.finding), ...shadowEvidence(last), ...checks(last)] : []),
    ...history(transitions),
    ...(members ?? []).map(memberLine),
    ...(messages ?? []).flatMap(messageLines),
    ...(log ?? []).map(entryWords),
  ];
  for (const line of lines) console.log(line);
}

/** Only what was asked for. */
function given(parts: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined));
}

/** Its own entries, and those of findings that were merged into it. */
function logOf(log: readonly CaseEntry[], id: string, all: readonly Transition[]): CaseEntry[] {
  const merged = all.filter(({ finding }) =>
    finding.links.some(({ finding: into, relation }) => relation === 'merged_into' && into === id),
  );
  const ids = new Set([id, ...merged.map(({ finding }) => finding.id)]);
  return log.filter((entry) => 'finding' in entry && ids.has(entry.finding));
}

function caseLines(held: CaseState): string[] {
  const { assignee, verdict, overtaken, covers } = held;
  return [
    `case          ${stateWords(held)}`,
    ...(assignee === null ? [] : [`assignee      ${assignee}`]),
    ...(verdict === null ? [] : [`verdict       ${verdict}${overtaken ? ', overtaken' : ''}`]),
    ...covers.map(({ id, accounts, until }) => `excepted      ${plural(accounts, 'account')} by ${id} until ${until}`),
  ];
}

export function latest(findings: readonly Finding[]): Finding[] {
  return [...new Map(findings.map((finding) => [finding.id, finding])).values()];
}

function openFirst(a: Finding, b: Finding): number {
  const closed = (finding: Finding) => (finding.state === 'cleared' ? 1 : 0);
  return (
    closed(a) - closed(b) || (a.severity < b.severity ? -1 : a.severity > b.severity ? 1 : b.exchanges - a.exchanges)
  );
}

function figures(finding: Finding): string[] {
  const { certain, probable } = finding.accounts;
  const { q, method, expectedFalse } = finding.error;
  return [
    `${finding.id}  ${finding.severity}  ${finding.classification}  ${finding.state} ${finding.at}`,
    `accounts      ${count(certain)} certain, ${count(probable)} probable`,
    `exchanges     ${count(finding.exchanges)}, ${count(finding.outputTokens)} output tokens`,
    `window        ${finding.window.from} to ${finding.window.to}`,
    ...finding.capabilities.map(
      ({ task, exchanges, share, lift }) =>
        `capability    ${task} ${count(exchanges)} (${(share * 100).toFixed(1)}%, ${lift.toFixed(1)}x the platform's share)`,
    ),
    `error         q ${q} (${method}); ${expectedFalse} false findings expected among those of that sweep`,
    ...finding.links.map(({ finding: other, relation }) => `link          ${relation} ${other}`),
  ];
}

function evidence({ evidence: rows }: Finding): string[] {
  return evidenceTable('evidence', rows);
}

/** Measured and counted for nothing; apart, so that nobody adds it up. */
function shadowEvidence({ context: { shadow } }: Transition): string[] {
  if (shadow === undefined) return [];
  const { nats, classification } = shadow;
  const score = nats.with === null ? 'not be let through' : `have ${nats.with.toFixed(1)} nats`;
  return [
    ...evidenceTable('in shadow', shadow.evidence),
    `if counted, it would ${score} instead of ${nats.without.toFixed(1)}, and be ${classification}`,
  ];
}

function evidenceTable(title: string, all: readonly Evidence[]): string[] {
  const rows = all.map(({ group, observed, expected, unit, strength }) => [
    group,
    String(observed),
    String(expected),
    strength.toFixed(1),
    unit,
  ]);
  return table([title, 'observed', 'expected', 'nats', 'unit'], rows);
}

/** Every innocent cause with its result: also what was not looked at is said. In the words of the alert. */
function checks({ finding, context }: Transition): string[] {
  const total = finding.evidence.reduce((sum, { strength }) => sum + strength, 0);
  const rows = allChecks(context.benign).map((check) => [
    SHORT_CAUSES[check.cause],
    check.result.replaceAll('_', ' '),
    checkWords(check, { first: true, total }),
  ]);
  return table(['cause', 'result', 'measured'], rows);
}

function history(transitions: readonly Transition[]): string[] {
  return transitions.map(({ finding: { at, state, reason } }) => `${at}  ${state}${reason ? `: ${reason}` : ''}`);
}

function memberLine({ account, confidence, since, until }: Member): string {
  return `${account}  ${confidence}  since ${since}${until ? `  until ${until}` : ''}`;
}

function messageLines({ at, message, deliveries }: ToldMessage): string[] {
  const told = deliveries.map(({ channel, state, attempts, error, settled, due }) => {
    const when = settled === undefined ? (due === undefined ? '' : `, due ${due}`) : ` ${settled}`;
    const tries = attempts > 1 ? ` after ${attempts} attempts` : '';
    return `  ${channel}: ${state}${when}${tries}${error === undefined ? '' : `, ${error}`}`;
  });
  return [`${at}  ${message.messageId}  ${message.message}  ${message.title}`, ...told];
}
