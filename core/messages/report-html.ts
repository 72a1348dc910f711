/**
 * The report as one page that stands alone: no script, no request, light and dark, from 360 pixels up. The same report
 * gives the same bytes.
 */
import { coverageChart } from './charts/coverage.ts';
import { shareChart } from './charts/share.ts';
import { dayMonth, dayMonthYear, dayRange, minute, weekday } from './dates.ts';
import { html, raw, type SafeHtml } from './html.ts';
import { compact, coveragePercent, decimal, exact, percent } from './numbers.ts';
import { changeLines, costLines } from './report-cost.ts';
import type { ReportData, ReportFinding } from './report-data.ts';
import { decisions } from './report-decisions.ts';
import { findingSection } from './report-finding.ts';
import { chartFigure, severityTag, stackedTable, table, wholeIds } from './report-parts.ts';
import { silenceWords } from './report-silences.ts';
import { REPORT_CSS } from './report-style.ts';
import { floorTable, stateWords } from './report-tables.ts';
import { deadLetterLines, reachLines } from './report-watch.ts';
import { answer, fourFigures, headline, sentence, underHeadline } from './report-words.ts';
import { CLASS_WORDS } from './words.ts';

export function reportHtml(report: ReportData): string {
  const all = [...report.campaigns, ...report.consumers];
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark"><title>Stillwatch ${dayRange(report.period)}: ${answer(report)}</title>
<style>${raw(REPORT_CSS)}</style></head>
<body><a class="skip" href="#main">Skip to the findings</a>
${head(report)}
<main id="main">
${overview(report)}
${all.map((item) => findingSection(report, item))}
${watch(report)}
</main>
${foot()}
</body></html>
`.value;
}

function head(report: ReportData): SafeHtml {
  const todo = decisions(report).map(
    ({ what, owner, by }) =>
      html`<li><b>${wholeIds(what)}</b> <span class="quiet">${owner}, by ${weekday(by)}</span></li>`,
  );
  return html`<header>
<p class="eyebrow"><b>Stillwatch</b><span>${report.deployment}</span><span>${dayRange(report.period)} ${report.period.to.slice(0, 4)}, UTC</span><span>${answer(report)}</span></p>
<h1>${headline(report)}</h1>
<p class="lede">${underHeadline(report).join(' ')}</p>
${todo.length > 0 ? html`<h2 class="small" id="decisions">Decisions</h2><ol class="todo" aria-labelledby="decisions">${todo}</ol>` : ''}
</header>`;
}

function overview(report: ReportData): SafeHtml {
  const chart = shareChart(report);
  const all = [...report.campaigns, ...report.consumers];
  return html`<section aria-labelledby="findings"><h2 id="findings">Findings</h2>
${all.length > 0 ? findingsTable(all) : html`<p>No finding was open or cleared in this period.</p>`}
${chart ? html`${chartFigure(chart, chart.says, chart.says)}${shareNumbers(report)}` : ''}
</section>
`;
}

function findingsTable(all: ReportFinding[]): SafeHtml {
  const columns = [
    { name: 'Finding' },
    { name: 'Accounts', figures: true },
    { name: 'Exchanges', figures: true },
    { name: 'Window' },
    { name: 'Targets' },
    { name: 'State' },
  ];
  const rows = all.map((item) => {
    const { finding } = item;
    const four = fourFigures(item);
    return [
      html`<span class="tagged"><a href="#${finding.id}" class="id">${finding.id}</a> ${severityTag(finding.severity)}</span><small>${CLASS_WORDS[finding.classification]}</small>`,
      four.accounts,
      four.exchanges,
      four.window,
      four.targets,
      stateWords(item),
    ];
  });
  return stackedTable(
    'The four figures of each finding. Accounts: certain only to certain and probable.',
    columns,
    rows,
  );
}

function shareNumbers(report: ReportData): SafeHtml {
  const columns = [
    { name: 'Day' },
    { name: 'To campaigns', figures: true },
    { name: 'All output tokens', figures: true },
    { name: 'Share', figures: true },
  ];
  const rows = report.perDay.map((each) => [
    dayMonth(each.from),
    compact(each.campaigns),
    compact(each.all),
    each.all > 0 ? percent(each.campaigns / each.all) : '',
  ]);
  return html`<details><summary>The numbers of every day</summary>${table('Output tokens per UTC day', columns, rows)}</details>`;
}

function watch(report: ReportData): SafeHtml {
  const { health, told, hours, gaps } = report;
  const missed = health.sweepsMissed ? `, ${exact(health.sweepsMissed)} missed` : '';
  const figures: [string, string][] = [
    ['Coverage', coveragePercent(health.coverage)],
    ['Sweeps', `${exact(health.sweeps)}${missed}`],
    ['Records', exact(health.records)],
    ['Exchanges', exact(health.usage)],
    ['Accounts', exact(health.accounts)],
    ['Duplicates dropped', exact(health.duplicates)],
    ['Quarantined', exact(health.quarantined)],
    ['Late', exact(health.late)],
    ...(health.audit
      ? ([
          ['Account-days counted again', exact(health.audit.audited)],
          ['of them different', exact(health.audit.drifted)],
        ] satisfies [string, string][])
      : []),
    ['Messages', exact(told.messages)],
    ['of them pages', exact(told.pages)],
    ['False findings expected', decimal(told.expectedFalse)],
  ];
  const list = figures.map(
    ([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>
`,
  );
  const strip = coverageChart(hours, health.coverage, gaps);
  return html`<section aria-labelledby="watch"><h2 id="watch">The watch</h2>
<p>What a quiet day is worth depends on how much was seen. Coverage is the share of 5-minute slots that should hold a record and do; below 95% nothing is called clear.</p>
<dl class="health">
${list}</dl>
${
  strip
    ? html`<h3>Hours watched</h3>
${chartFigure(strip, strip.says, html`${strip.says} Each cell is an hour, UTC, filled as far as its records came; an outline marks what is missing, and no cell that none was due.`)}`
    : ''
}
<p class="quiet">Records from ${minute(health.from)} to ${minute(health.to)}, ${dayMonthYear(health.to)}. ${compact(health.records)} records read, each counted once.${[...deadLetterLines(report), ...reachLines(report)].map((line) => ` ${sentence(line)}`)}</p>
${silences(report)}
${plainList('Cost', costLines(report))}
${plainList('Changes of detectors and settings', changeLines(report))}
${floor()}
</section>`;
}

function silences({ people }: ReportData): SafeHtml | string {
  return plainList('Silences people asked for', people.silences.map(silenceWords));
}

function plainList(title: string, lines: readonly string[]): SafeHtml | string {
  if (lines.length === 0) return '';
  const items = lines.map(
    (line) => html`<li>${line}</li>
`,
  );
  return html`<h3>${title}</h3>
<ul class="plain">
${items}</ul>`;
}

function floor(): SafeHtml {
  const { head, rows } = floorTable();
  const columns = head.map((name, index) => ({ name, figures: index > 0 }));
  return html`<h3>What would have been seen</h3>
<div class="scroll" role="region" aria-label="What would have been seen" tabindex="0">${table('Days until a simulated campaign among 3,000 accounts was found, by its size and by exchanges a day of each account.', columns, rows)}</div>`;
}

function foot(): SafeHtml {
  return html`<footer><p>This page names no account, no prompt and no origin. Figures are observations on usage records; who stands behind a campaign is not claimed. The accounts of a finding are in members.ndjson, beside findings.ndjson with every transition.</p></footer>`;
}
