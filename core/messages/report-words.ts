/** The sentences of a report: verdict, bottom line, decisions. The same in page and mail. */
import { dayRange } from './dates.ts';
import { targets } from './first-screen.ts';
import { compact, coveragePercent, exact, percent, plural, span } from './numbers.ts';
import type { OutputShare } from './output-share.ts';
import type { ReportData, ReportFinding } from './report-data.ts';

/** Below this coverage a quiet time proves nothing, and no campaign is cleared. */
export const COVERAGE_FLOOR = 0.95;

export type Verdict = 'findings' | 'all_clear' | 'incomplete';

/** All clear needs every sweep, enough coverage and nothing open above INFO. */
export function verdict(report: ReportData): Verdict {
  if (openAboveInfo(report).length > 0) return 'findings';
  return watchWorked(report) ? 'all_clear' : 'incomplete';
}

export function watchWorked({ health }: ReportData): boolean {
  return health.sweeps > 0 && (health.sweepsMissed ?? 0) === 0 && health.coverage >= COVERAGE_FLOOR;
}

export function openAboveInfo(report: ReportData): ReportFinding[] {
  return [...report.campaigns, ...report.consumers].filter(({ open, finding }) => open && finding.severity !== 'INFO');
}

/** What the report answers, without period and brand: `1 open, 2 cleared, 1 decision`. */
export function answer(report: ReportData): string {
  return answers(report)[0]!;
}

/** The answer, then shorter forms for a narrow place. None may leave out that the watch was incomplete. */
export function answers(report: ReportData): string[] {
  const state = verdict(report);
  const coverage = coveragePercent(report.health.coverage);
  if (state === 'all_clear') return [`all clear, coverage ${coverage}`, 'all clear'];
  if (state === 'incomplete') {
    const said = 'nothing found, watch incomplete';
    return [`${said} (coverage ${coverage})`, `${said} (${coverage})`, said];
  }
  const all = [...report.campaigns, ...report.consumers];
  const open = all.filter((each) => each.open).length;
  const counts = `${exact(open)} open, ${exact(all.length - open)} cleared`;
  return [`${counts}, ${plural(decisions(report).length, 'decision')}`, counts, `${exact(open)} open`];
}

/** Three sentences: are we being distilled, how much, did the watch work. */
export function bottomLine(report: ReportData): [string, string, string] {
  return [whoIsThere(report), howMuch(report), howWatched(report)];
}

/** The bottom line below the headline, which is the first half of its first sentence and is not said twice. */
export function underHeadline(report: ReportData): string[] {
  const [first, ...others] = bottomLine(report);
  const one = report.campaigns.filter((each) => each.open).length === 1;
  const rest = first
    .slice(headline(report).length)
    .replace(/^\. ?/, '')
    .replace(/^: /, one ? 'It is ' : 'They are ');
  return rest === '' ? others : [rest, ...others];
}

/** The headline: the first half of the first sentence. */
export function headline(report: ReportData): string {
  const open = report.campaigns.filter((each) => each.open);
  const takers = open.filter(({ finding }) => finding.classification === 'distillation').length;
  if (takers > 0) return `${counted(takers, 'campaign is', 'campaigns are')} collecting model outputs`;
  if (open.length > 0) return `${counted(open.length, 'group of accounts acts', 'groups of accounts act')} as one`;
  const consumers = report.consumers.filter((each) => each.open).length;
  if (consumers > 0) return `No campaign, and ${plural(consumers, 'single account')} to look at`;
  return watchWorked(report) ? 'No campaign was found' : 'Nothing was found, but the watch was incomplete';
}

const SMALL = ['No', 'One', 'Two', 'Three', 'Four', 'Five', 'Six', 'Seven', 'Eight', 'Nine'] as const;

function counted(count: number, one: string, many: string): string {
  return `${SMALL[count] ?? exact(count)} ${count === 1 ? one : many}`;
}

function whoIsThere(report: ReportData): string {
  const open = report.campaigns.filter((each) => each.open);
  const ended = report.campaigns.length - open.length;
  const named = open.slice(0, 3).map(({ finding }) => `${finding.id} (${finding.severity})`);
  const more = open.length > 3 ? ` and ${open.length - 3} more` : '';
  const list = named.length > 0 ? `: ${named.join(', ')}${more}` : '';
  const others = ended > 0 ? ` ${counted(ended, 'campaign', 'campaigns')} ended.` : '';
  return `${headline(report)}${list}.${others}`;
}

/** `Campaigns received 1.33B output tokens, 2.8% of all 47.8B; the 7 days before 0.34B, 0.7%.` */
function howMuch({ now, before }: ReportData): string {
  if (now.all === 0) return 'How much of all output went to campaigns is not known: no totals for these days.';
  const part = `Campaigns received ${compact(now.campaigns)} output tokens, ${shareWords(now)} of all ${compact(now.all)}`;
  if (before.all === 0) return `${part}.`;
  const earlier = before.campaigns > 0 ? `${compact(before.campaigns)}, ${shareWords(before)}` : 'none';
  return `${part}; in as many days before it was ${earlier}.`;
}

export function shareWords({ campaigns, all }: OutputShare): string {
  return all > 0 ? percent(campaigns / all) : 'not known';
}

function howWatched(report: ReportData): string {
  const { health } = report;
  const missed = health.sweepsMissed ? ` of ${exact(health.sweeps + health.sweepsMissed)}` : '';
  const figures = `coverage ${coveragePercent(health.coverage)}, ${exact(health.sweeps)}${missed} sweep${health.sweeps === 1 && missed === '' ? '' : 's'}, ${plural(health.records, 'record')}, ${exact(health.quarantined)} quarantined`;
  return watchWorked(report) ? `The watch worked: ${figures}.` : `The watch was incomplete: ${figures}.`;
}

/** What a person has to decide, gravest first. Stillwatch itself changes no account. */
export function decisions(report: ReportData): string[] {
  const act = openAboveInfo(report)
    .filter(({ finding }) => finding.severity === 'SEV1' || finding.severity === 'SEV2')
    .map(({ finding }) =>
      finding.kind === 'consumer'
        ? `Ask the owner of ${finding.id}: is this you?`
        : finding.accounts.certain > 0
          ? `Act on the ${plural(finding.accounts.certain, 'certain account')} of ${finding.id}?`
          : `Look at the ${plural(finding.accounts.probable, 'probable account')} of ${finding.id}`,
    );
  const missing = report.health.coverage < COVERAGE_FLOOR;
  const gap = `Find the missing records: coverage was ${coveragePercent(report.health.coverage)}`;
  return missing ? [...act, gap] : act;
}

/** The four figures of a finding, as short as a table needs. */
export function fourFigures({ finding, context }: ReportFinding) {
  const aimed = targets(finding);
  const shown = aimed.slice(0, 3).map(({ task }) => task.replaceAll('_', ' '));
  return {
    accounts: span(context.ranges.accounts[0], context.ranges.accounts[1], exact),
    exchanges: exact(finding.exchanges),
    window: dayRange(finding.window),
    targets:
      shown.length > 0 ? shown.join(', ') + (aimed.length > 3 ? ` and ${aimed.length - 3} more` : '') : 'none above 2x',
  };
}
