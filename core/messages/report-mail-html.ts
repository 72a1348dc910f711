/** The report mail as HTML: one column of 600 pixels, bars of table cells, no picture. */
import { dayRange } from './dates.ts';
import { html, type SafeHtml } from './html.ts';
import { MAIL, mailDocument } from './mail-html.ts';
import type { ReportData } from './report-data.ts';
import { campaignTable, consumerTable, type MailTable, type TrendRow, trendRows, watchWords } from './report-rows.ts';
import { answer, decisions, headline, underHeadline } from './report-words.ts';

export function reportMailHtml(report: ReportData): SafeHtml {
  const body = html`<p style="${MAIL.quiet}">Stillwatch, ${report.deployment}, ${dayRange(report.period)}</p>
<h1 style="${MAIL.h1}">${headline(report)}</h1>
${underHeadline(report).map(
  (sentence) => html`<p style="${MAIL.p}">${sentence}</p>
`,
)}
${decisionList(decisions(report))}
${tableHtml(campaignTable(report))}
${tableHtml(consumerTable(report))}
${trend(trendRows(report))}
<h2 style="${MAIL.h2}">The watch</h2>
${watchWords(report).map(
  (line) => html`<p style="margin:0 0 2px">${line}</p>
`,
)}
<hr style="${MAIL.rule}"><p style="${MAIL.quiet}">The attached page has every figure. It names no account.</p>`;
  return mailDocument(`${dayRange(report.period)}: ${answer(report)}`, body);
}

function decisionList(todo: string[]): SafeHtml | string {
  if (todo.length === 0) return '';
  const items = todo.map((each) => html`<li style="margin:0 0 4px">${each}</li>`);
  return html`<h2 style="${MAIL.h2}">Decisions</h2><ol style="margin:0;padding-left:24px">${items}</ol>`;
}

function tableHtml(each: MailTable | null): SafeHtml | string {
  if (!each) return '';
  const head = each.table.head.map((word) => html`<th scope="col" style="${MAIL.cell};${MAIL.th}">${word}</th>`);
  const rows = each.table.rows.map(
    (row) => html`<tr>${row.map((cell, column) =>
      column === 0
        ? html`<th scope="row" style="${MAIL.cell};font-weight:600;white-space:nowrap">${cell}</th>`
        : html`<td style="${MAIL.cell}">${cell}</td>`,
    )}</tr>
`,
  );
  return html`<h2 style="${MAIL.h2}">${each.title}</h2>
<table width="100%" style="${MAIL.table}"><tr>${head}</tr>
${rows}</table>${each.more ? html`<p style="${MAIL.quiet}">${each.more}</p>` : ''}`;
}

/** Bars are cells with a background: they show with pictures off, and the words beside them say the same. */
function trend(rows: TrendRow[]): SafeHtml | string {
  if (rows.length === 0) return '';
  const lines = rows.map((row) => {
    const width = Math.round(row.length * 100);
    return html`<tr><th scope="row" style="${MAIL.cell};font-weight:400;white-space:nowrap;width:90px">${row.label}</th>
<td style="padding:4px 8px 4px 0"><div style="background:#1f6074;height:12px;width:${width}%;font-size:0">&nbsp;</div></td>
<td style="${MAIL.figure};width:130px">${row.words}</td></tr>
`;
  });
  return html`<h2 style="${MAIL.h2}">Share of all output that went to campaigns, by week</h2>
<table width="100%" style="${MAIL.table}">
${lines}</table>`;
}
