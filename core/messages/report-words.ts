/** The sentences of a report: answer, headline, bottom line. The same in page and mail. */
import { dayRange } from './dates.ts';
import { targets } from './first-screen.ts';
import { compact, coveragePercent, exact, percent, plural, span } from './numbers.ts';
import type { OutputShare } from './output-share.ts';
import type { ReportData, ReportFinding } from './report-data.ts';
import { decisions } from './report-decisions.ts';
import { verdict, watchWorked } from './report-verdict.ts';

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
  const named = open
    .slice(0, 3)
    .map((item) => `${item.finding.id} (${[item.finding.severity, ...course(item)].join(', ')})`);
  const more = open.length > 3 ? ` and ${open.length - 3} more` : '';
  const list = named.length > 0 ? `: ${named.join(', ')}${more}` : '';
  const others = ended > 0 ? ` ${counted(ended, 'campaign', 'campaigns')} ended.` : '';
  return `${headline(report)}${list}.${others}`;
}

/** By how much the last days must differ from those before to be called growing or shrinking. */
const COURSE = 1.25;

/** `growing`, `shrinking`, or nothing where it is as it was or too young to tell. */
export function course({ context }: ReportFinding): ['growing' | 'shrinking'] | [] {
  const { last, prior } = context.compare.exchangesPerDay;
  if (prior <= 0 || last <= 0) return [];
  if (last > prior * COURSE) return ['growing'];
  return last * COURSE < prior ? ['shrinking'] : [];
}

const BEFORE = { daily: 'the day before', weekly: 'the week before', overview: 'in as many days before' } as const;

/** `Campaigns received 1.33B output tokens, 2.8% of all 47.8B; the week before 342M, 0.7%.` */
function howMuch({ kind, now, before }: ReportData): string {
  if (now.all === 0) return 'How much of all output went to campaigns is not known: no totals for these days.';
  const part =
    now.campaigns === 0
      ? `None of all ${compact(now.all)} output tokens went to campaigns`
      : `Campaigns received ${compact(now.campaigns)} output tokens, ${shareWords(now)} of all ${compact(now.all)}`;
  if (before.all === 0) return `${part}.`;
  const earlier = before.campaigns > 0 ? `${compact(before.campaigns)}, ${shareWords(before)}` : 'none';
  return `${part}; ${BEFORE[kind]} ${earlier}.`;
}

export function shareWords({ campaigns, all }: OutputShare): string {
  return all > 0 ? percent(campaigns / all) : 'not known';
}

/** `The watch worked: coverage 99.2%, 7 of 7 sweeps, recount drift 0, no message lost.` */
function howWatched(report: ReportData): string {
  const { health, mailed } = report;
  const due = health.sweeps + (health.sweepsMissed ?? 0);
  const sweeps =
    health.sweepsMissed === undefined
      ? plural(health.sweeps, 'sweep')
      : `${exact(health.sweeps)} of ${plural(due, 'sweep')}`;
  const drift = health.audit && health.audit.audited > 0 ? `, recount drift ${exact(health.audit.drifted)}` : '';
  const lost =
    mailed.copies === undefined
      ? ''
      : mailed.failed.length === 0
        ? ', no message lost'
        : `, ${plural(mailed.failed.length, 'message')} lost`;
  const figures = `coverage ${coveragePercent(health.coverage)}, ${sweeps}${drift}${lost}`;
  return watchWorked(report) ? `The watch worked: ${figures}.` : `The watch was incomplete: ${figures}.`;
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

/** With a capital and a full stop. */
export function sentence(text: string): string {
  const start = text[0]?.toUpperCase() ?? '';
  return `${start}${text.slice(1)}${/[.?!]$/.test(text) ? '' : '.'}`;
}
