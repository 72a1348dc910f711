/** A report mail as HTML: one column of 600 pixels that reads without pictures and without styles. */
import { dayRange, weekday } from './dates.ts';
import { html, raw, type SafeHtml } from './html.ts';
import { MAIL, mailDocument } from './mail-html.ts';
import type { MailChart } from './report-charts.ts';
import type { ReportData } from './report-data.ts';
import { type Decision, decisions } from './report-decisions.ts';
import { wholeIds } from './report-parts.ts';
import { type Section, SHOWN } from './report-section.ts';
import { verdict } from './report-verdict.ts';
import { answer, headline, underHeadline } from './report-words.ts';

/** What the bar above the headline is made of; the headline says the same in words. */
const TONES = { findings: '#a33b20', incomplete: '#8a6100', all_clear: '#1f6074' } as const;

export function reportMailHtml(
  report: ReportData,
  sections: readonly Section[],
  charts: readonly MailChart[],
  foot: readonly string[],
): SafeHtml {
  const body = html`<div style="border-top:4px solid ${TONES[verdict(report)]};padding-top:14px"><p style="${MAIL.quiet}">Stillwatch &middot; ${report.deployment} &middot; ${dayRange(report.period)}, UTC</p>
<h1 style="${MAIL.h1}">${headline(report)}</h1>
${underHeadline(report).map(
  (sentence) => html`<p style="${MAIL.p}">${sentence}</p>
`,
)}
${decisionTable(decisions(report))}
${sections.map((each) =>
  sectionHtml(
    each,
    charts.filter(({ at }) => at === each.title),
  ),
)}
<hr style="${MAIL.rule}">${foot.map(
    (line) => html`<p style="${MAIL.quiet};overflow-wrap:anywhere">${line}</p>
`,
  )}</div>`;
  return mailDocument(`${dayRange(report.period)}: ${answer(report)}`, body);
}

function decisionTable(all: readonly Decision[]): SafeHtml | string {
  if (all.length === 0) return '';
  const cell = 'text-align:left;vertical-align:top;padding:8px;border-top:1px solid #d9d7d2';
  const rows = all.slice(0, SHOWN).map(
    ({
      what,
      owner,
      by,
    }) => html`<tr><th scope="row" style="${cell};font-weight:600">${wholeIds(what)}</th><td style="${cell}">${owner}</td><td style="${cell};white-space:nowrap">${weekday(by)}</td></tr>
`,
  );
  const head = ['Decision', 'Owner', 'By'].map(
    (name) => html`<th scope="col" style="text-align:left;padding:8px;font-size:12px;color:#5c5f66">${name}</th>`,
  );
  const more =
    all.length > SHOWN ? html`<p style="${MAIL.quiet}">and ${all.length - SHOWN} more in report.json</p>` : '';
  return html`<table width="100%" style="border-collapse:collapse;width:100%;margin:20px 0 8px;background:#f6f4ef;font-size:14px"><caption style="${MAIL.hidden}">Decisions</caption><tr>${head}</tr>
${rows}</table>${more}`;
}

function sectionHtml({ title, table, lines = [], chart }: Section, charts: readonly MailChart[]): SafeHtml {
  // Figures of findings come before their pictures; the trend is a picture with its figures below.
  const [first, after] = chart === 'share' ? [charts, []] : [[], charts];
  return html`<h2 style="${MAIL.h2}">${title}</h2>
${first.map(chartHtml)}${table ? tableHtml(title, table) : ''}${after.map(chartHtml)}${lines.map(
  (line) => html`<p style="margin:0 0 3px">${line}</p>
`,
)}`;
}

/** Without pictures the alternative text stands in its place, and the numbers stand below. */
function chartHtml({ cid, picture, says, caption }: MailChart): SafeHtml {
  return html`<p style="margin:0 0 6px"><img src="cid:${cid}" width="${picture.width}" height="${picture.height}" alt="${says}" style="display:block;width:100%;max-width:${picture.width}px;height:auto;border:0;font-size:13px;color:#5c5f66"></p>
${caption.map(
  (line) => html`<p style="${MAIL.quiet};margin-bottom:4px">${line}</p>
`,
)}`;
}

function tableHtml(title: string, { head, rows, figuresFrom }: NonNullable<Section['table']>): SafeHtml {
  const align = (column: number) => (column >= figuresFrom ? MAIL.figure : MAIL.cell);
  const names = head.map((word, column) => html`<th scope="col" style="${align(column)};${MAIL.th}">${word}</th>`);
  const lines = rows.map(
    (row) => html`<tr>${row.map((cell, column) =>
      column === 0
        ? html`<th scope="row" style="${MAIL.cell};font-weight:600;white-space:nowrap">${cell}</th>`
        : html`<td style="${align(column)}">${cell}</td>`,
    )}</tr>
`,
  );
  // A phone scrolls a wide table by itself, and the page not at all.
  return html`<div role="region" aria-label="${title}" tabindex="0" style="overflow-x:auto"><table width="100%" style="${MAIL.table}"><caption style="${MAIL.hidden}">${title}</caption>${raw('<thead>')}<tr>${names}</tr>${raw('</thead><tbody>')}
${lines}${raw('</tbody>')}</table></div>`;
}
