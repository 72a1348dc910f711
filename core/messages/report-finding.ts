/** One finding on the report page: figures, days, evidence, capabilities, error and innocent causes. */

import { checkWords } from './benign-lines.ts';
import { shownCapabilities, usualShare } from './charts/capability.ts';
import { daysChart } from './charts/days.ts';
import { everyDay, timeline } from './charts/timeline.ts';
import { dayMonth, dayMonthYear, lengthDays, minute } from './dates.ts';
import { evidencePhrase } from './evidence-phrases.ts';
import { html, type SafeHtml } from './html.ts';
import { listPriceWords } from './list-price-words.ts';
import { compact, decimal, exact, measure, nats, percent, plural, times } from './numbers.ts';
import type { ReportData, ReportFinding } from './report-data.ts';
import { bar, chartFigure, type Figure, figureList, severityTag, stackedTable, table } from './report-parts.ts';
import { dossierWords } from './report-tables.ts';
import { fourFigures, sentence } from './report-words.ts';
import { CAUSE_WORDS, CLASS_WORDS, GROUP_WORDS, methodWords } from './words.ts';

/** Strength of one evidence group is capped at this many nats: a full bar. */
const GROUP_CAP = 6;

export function findingSection(report: ReportData, item: ReportFinding): SafeHtml {
  const { finding, context, open } = item;
  const state = open ? `open, ${context.message} ${minute(finding.at)}` : `cleared ${minute(finding.at)}`;
  return html`<section class="finding" id="${finding.id}" aria-labelledby="${finding.id}-title">
<h2 id="${finding.id}-title">${CLASS_WORDS[finding.classification]} <span class="id">${finding.id}</span> ${severityTag(finding.severity)}</h2>
<p class="quiet">${state}${context.severityWhy.length > 0 ? `. ${finding.severity} because: ${context.severityWhy.join(', ')}` : ''}</p>
${finding.reason ? html`<p>${sentence(finding.reason)}</p>` : ''}
${figureList(figures(item))}
${dossierList(item)}
${days(report, item)}
${evidenceTable(item)}
${capabilityTable(item)}
${certainty(item)}
${benignTable(item)}
</section>
`;
}

/** What can be shown to others, with the whole root: it is what a dossier is told apart by. */
function dossierList({ dossiers }: ReportFinding): SafeHtml | string {
  if (dossiers.length === 0) return '';
  const items = dossiers.map(
    (made) => html`<li>${sentence(dossierWords(made))} <span class="hash">${made.root}</span></li>
`,
  );
  return html`<ul class="plain">
${items}</ul>`;
}

function figures(item: ReportFinding): Figure[] {
  const { finding, context } = item;
  const short = fourFigures(item);
  const orgs = context.profile.orgs > 0 ? `, of ${plural(context.profile.orgs, 'org')}` : '';
  const multiple = context.compare.multiple;
  const share = context.compare.shareOfOutput;
  return [
    multiple !== undefined && finding.kind === 'consumer'
      ? { name: 'Against its usual volume', value: times(multiple), note: 'one account' }
      : {
          name: 'Accounts',
          value: short.accounts,
          note: `${exact(finding.accounts.certain)} certain, ${exact(finding.accounts.probable)} probable${orgs}`,
        },
    { name: 'Exchanges', value: short.exchanges, note: lowNote(context.ranges.exchanges, exact) },
    {
      name: 'Window',
      value: short.window,
      note: `${plural(lengthDays(finding.window), 'day')}, to ${dayMonthYear(finding.window.to)}`,
    },
    {
      name: 'Output tokens',
      value: compact(finding.outputTokens),
      note: [
        share > 0
          ? `${percent(share)} of all output since ${dayMonth(finding.window.from)}`
          : lowNote(context.ranges.outputTokens, compact),
        ...[listPriceWords(context.ranges) ?? []].flat(),
      ].join('; '),
    },
    { name: 'Targeted capabilities', value: short.targets, words: true },
  ];
}

function lowNote([low, high]: [number, number], write: (value: number) => string): string {
  return low === high ? 'all by certain accounts' : `${write(low)} by certain accounts alone`;
}

function days(report: ReportData, item: ReportFinding): SafeHtml | string {
  const chart = timeline(report, item);
  if (!chart) return '';
  const pool = item.finding.kind === 'campaign';
  const keys = html`<span class="key"><i></i>new that day</span><span class="key"><i class="second"></i>seen before</span>`;
  const marks = chart.marks.map(
    (mark) => html`<li><b>${mark.sign}</b>${dayMonth(mark.day)}: ${mark.words.join(', ')}</li>
`,
  );
  const rows = everyDay(item.context.daily).map((day) => [
    dayMonth(day.day),
    exact(day.exchanges),
    compact(day.outputTokens),
    ...[day.active, day.joined, day.banned].map(exact),
  ]);
  const columns = ['Exchanges', 'Output', 'Active', 'New', 'Banned'].map((name) => ({ name, figures: true }));
  return html`<h3>Day by day</h3>
${chartFigure(
  daysChart(chart.chart),
  chart.says,
  html`${pool ? html`Accounts: ${keys}` : ''}Days are UTC; quiet days are zero.
<ol class="marks">${marks}</ol>`,
)}
<details><summary>The numbers of every day</summary>${table('Members of the finding, per UTC day; output in tokens', [{ name: 'Day' }, ...columns], rows)}</details>`;
}

function evidenceTable({ finding }: ReportFinding): SafeHtml {
  const rows = finding.evidence.map((each) => [
    html`${evidencePhrase(each)}<small>${each.group}: ${GROUP_WORDS[each.group]}</small>`,
    measure(each.observed, each.unit),
    measure(each.expected, each.unit),
    html`${bar(each.strength / GROUP_CAP)}${nats(each.strength)} nats`,
  ]);
  const caption = `Observed among the members against what the same number of comparable accounts would show. Strength is in nats: each nat is a factor of 2.7, and no group counts for more than ${GROUP_CAP}.`;
  const columns = [
    { name: 'Counted' },
    { name: 'Observed', figures: true },
    { name: 'Expected', figures: true },
    { name: 'Strength', gauge: true },
  ];
  return html`<h3>Evidence</h3>
${stackedTable(caption, columns, rows)}`;
}

function capabilityTable({ finding }: ReportFinding): SafeHtml | string {
  const shown = shownCapabilities(finding);
  if (shown.length === 0) return '';
  const widest = Math.max(...shown.flatMap((each) => [each.share, usualShare(each)]));
  const rows = shown.map((each) => [
    each.task.replaceAll('_', ' '),
    html`${bar(each.share / widest)}${bar(usualShare(each) / widest, 'second')}`,
    percent(each.share),
    percent(usualShare(each)),
    times(each.lift),
  ]);
  const keys = html`Share of exchanges per task: <span class="key"><i></i>members</span><span class="key"><i class="second"></i>all accounts</span>`;
  const names = [
    { name: 'Members', figures: true },
    { name: 'All', figures: true },
    { name: 'Lift', figures: true },
  ];
  return html`<h3>What it is after</h3>
${table(keys, [{ name: 'Task' }, { name: 'Members over all', bars: true }, ...names], rows)}`;
}

function certainty({ finding, context }: ReportFinding): SafeHtml {
  const { q, expectedFalse } = finding.error;
  const rows = (['accounts', 'exchanges', 'outputTokens'] as const).map((name) => [
    { accounts: 'Accounts', exchanges: 'Exchanges', outputTokens: 'Output tokens' }[name],
    exact(context.ranges[name][0]),
    exact(context.ranges[name][1]),
  ]);
  const columns = [
    { name: 'Figure' },
    { name: 'Certain only', figures: true },
    { name: 'Certain and probable', figures: true },
  ];
  return html`<h3>How sure</h3>
<p>False alarms are held down by ${methodWords(finding.error)}. This finding passes at ${level(q)}: of all findings let through at that level, at most ${percent(Math.max(q, 0.001))} are expected to be false. The sweep examined ${plural(context.candidates, 'candidate')} and expects ${decimal(expectedFalse).replace('<', 'fewer than ')} false findings among those it let through.</p>
${table('Certain is fit to act on, probable is fit to look at.', columns, rows)}`;
}

/** `q = 0.002`, `q < 0.0001` */
function level(q: number): string {
  const written = decimal(q);
  return written.startsWith('<') ? `q < ${written.slice(1)}` : `q = ${written}`;
}

const RESULTS = {
  explains: 'explains part of the evidence, which was taken out',
  partly: 'explains part',
  ruled_out: 'not the cause',
  not_checked: 'not checked',
} as const;

function benignTable({ context }: ReportFinding): SafeHtml | string {
  if (context.benign.length === 0) return '';
  const rows = context.benign.map((check) => [CAUSE_WORDS[check.cause], RESULTS[check.result], checkWords(check)]);
  const columns = [{ name: 'Cause' }, { name: 'Result' }, { name: 'Measured' }];
  return html`<h3>Innocent causes</h3>
${table('Each known look-alike is checked by name before a finding is let through.', columns, rows)}`;
}
