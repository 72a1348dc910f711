/** An alert as mail: text and HTML say the same, in one column of 600 pixels, with nothing loaded from elsewhere. */
import { alertText, fitted } from './alert-text.ts';
import { type FirstScreen, paragraph, type Section } from './content.ts';
import { details } from './details.ts';
import type { Envelope } from './envelope.ts';
import { firstScreen } from './first-screen.ts';
import { html, type SafeHtml } from './html.ts';
import { MAIL, mailDocument } from './mail-html.ts';
import { automaticHeaders, domainPart, type MailMessage } from './mail-message.ts';

/** HTML of a mail; some readers cut off what is longer. */
export const HTML_LIMIT = 100 * 1024;

export function alertEmail(told: Envelope): MailMessage {
  const { deployment, title } = told;
  const thread = `<${threadOf(told)}.${domainPart(deployment)}@stillwatch.invalid>`;
  return {
    subject: title,
    text: alertText(told),
    html: alertHtml(told).value,
    headers: { References: thread, 'In-Reply-To': thread, ...automaticHeaders(deployment) },
    attachments: [],
  };
}

/** What all messages on one problem share: the finding's id, or the cause of a watch alarm. */
export function threadOf(told: Envelope): string {
  return told.finding === null ? `watch-${told.watch.cause.replaceAll('_', '-')}` : told.finding.id;
}

/** The id a mail of this message carries, with angle brackets; the same on every replay. */
export function alertMailId({ messageId, deployment }: Envelope): string {
  return `<${messageId}.${domainPart(deployment)}@stillwatch.invalid>`;
}

function alertHtml(told: Envelope): SafeHtml {
  const screen = fitted(firstScreen(told));
  const body = html`<h1 style="${MAIL.h1}">${screen.title}</h1>
${screenTable(screen)}
${doList(screen)}
<hr style="${MAIL.rule}">
${details(told).map(sectionHtml)}`;
  return mailDocument(screen.title, body);
}

function screenTable(screen: FirstScreen): SafeHtml {
  const rows = screen.blocks.map(
    (
      block,
    ) => html`<tr><th scope="row" style="${MAIL.label}">${block.label}</th><td style="${MAIL.cell}">${paragraph(block)}</td></tr>
`,
  );
  return html`<table width="100%" style="${MAIL.table}">
${rows}</table>`;
}

function doList({ runbook, steps }: FirstScreen): SafeHtml {
  const link = /^https?:/.test(runbook)
    ? html`<a href="${runbook}" style="${MAIL.link}">${runbook}</a>`
    : html`${runbook}`;
  const commands = steps.map(
    (
      step,
    ) => html`<li style="margin:0 0 4px"><code style="${MAIL.code}">${step.text}</code>${step.note ? html` ${step.note}` : ''}</li>
`,
  );
  const list = steps.length > 0 ? html`<ol style="margin:4px 0 0;padding-left:24px">${commands}</ol>` : '';
  return html`<p style="margin:12px 0 0"><strong>DO</strong> Runbook ${link}</p>${list}`;
}

function sectionHtml(section: Section): SafeHtml {
  if (!section.table)
    return html`<p style="${MAIL.p}"><strong>${section.label}</strong> ${section.text}</p>
`;
  const { head, rows, figuresFrom } = section.table;
  const align = (column: number) => (column >= figuresFrom ? MAIL.figure : MAIL.cell);
  const heading =
    head.length === 0
      ? ''
      : html`<tr>${head.map((word, column) => html`<th scope="col" style="${align(column)};${MAIL.th}">${word}</th>`)}</tr>
`;
  const lines = rows.map(
    (row) => html`<tr>${row.map((cell, column) => html`<td style="${align(column)}">${cell}</td>`)}</tr>
`,
  );
  return html`<table width="100%" style="${MAIL.table}"><caption style="${MAIL.caption}">${section.label}</caption>
${heading}${lines}</table>
`;
}
