/** `list` and `show`: what a replay found, read from its folder. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Finding, Member } from '../../core/findings/finding.ts';
import { InputError } from '../adapters/input/input-error.ts';

interface At {
  at: string;
  json?: boolean;
}

export function listCommand({ at, json }: At): void {
  const findings = latest(readLines<Finding>(at, 'findings.ndjson')).sort(openFirst);
  if (json) {
    console.log(JSON.stringify(findings));
    return;
  }
  if (findings.length === 0) {
    console.log('no findings');
    return;
  }
  console.log(row('id', 'state', 'severity', 'class', 'accounts', 'exchanges', 'window'));
  for (const finding of findings) {
    const { id, state, severity, classification, accounts, exchanges, window } = finding;
    const held = range(accounts.certain, accounts.certain + accounts.probable);
    console.log(row(id, state, severity, classification, held, count(exchanges), days(window)));
  }
}

export function showCommand(id: string, { at, json, why, members }: At & { why?: boolean; members?: boolean }): void {
  const all = readLines<Finding>(at, 'findings.ndjson').filter((finding) => finding.id === id);
  const finding = all.at(-1);
  if (finding === undefined)
    throw new InputError(`${id}: no such finding in ${at}; stillwatch list --at ${at} names them`);
  const held = members ? readLines<Member>(at, 'members.ndjson').filter((member) => member.finding === id) : [];
  if (json) {
    console.log(JSON.stringify({ finding, transitions: all, ...(members ? { members: held } : {}) }));
    return;
  }
  for (const line of [...figures(finding), ...(why ? evidence(finding) : []), ...history(all)]) console.log(line);
  for (const { account, confidence, since, until } of held) {
    console.log(`${account}  ${confidence}  since ${since}${until ? `  until ${until}` : ''}`);
  }
}

function readLines<T>(folder: string, name: string): T[] {
  try {
    const text = readFileSync(join(folder, name), 'utf8');
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as T);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    throw new InputError(
      `--at ${folder}: ${code ? `${name} cannot be read (${code})` : `${name} is damaged`}; replay writes it`,
    );
  }
}

function latest(findings: readonly Finding[]): Finding[] {
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

function evidence(finding: Finding): string[] {
  const lines = finding.evidence.map(({ group, observed, expected, unit, strength }) =>
    row(group, String(observed), String(expected), strength.toFixed(1), unit),
  );
  return [row('evidence', 'observed', 'expected', 'nats', 'unit'), ...lines];
}

function history(transitions: readonly Finding[]): string[] {
  return transitions.map(({ at, state, reason }) => `${at}  ${state}${reason ? `: ${reason}` : ''}`);
}

function row(...cells: string[]): string {
  return cells.map((cell, i) => (i === cells.length - 1 ? cell : cell.padEnd(14))).join(' ');
}

const count = (value: number) => value.toLocaleString('en-US');
const range = (low: number, high: number) => (low === high ? count(high) : `${count(low)}-${count(high)}`);
const days = ({ from, to }: Finding['window']) => `${from.slice(0, 10)} to ${to.slice(0, 10)}`;
