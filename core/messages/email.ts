/** An alert as mail: text and HTML say the same, in one column of 600 pixels, with nothing loaded from elsewhere. */
import { alertText, fitted } from './alert-text.ts';
import { type FirstScreen, paragraph, type Section, type Told } from './content.ts';
import { details } from './details.ts';
import { messageId } from './envelope.ts';
import { firstScreen } from './first-screen.ts';
import { html, type SafeHtml } from './html.ts';
import { MAIL, mailDocument } from './mail-html.ts';
import { automaticHeaders, domainPart, type MailMessage } from './mail-message.ts';
import type { MessageSettings } from './settings.ts';
import { alertTitle } from './title.ts';

export function alertEmail(told: Told, settings: MessageSettings): MailMessage {
  const title = alertTitle(told);
  const thread = `<${told.finding.id}.${domainPart(settings.deployment)}@stillwatch.invalid>`;
  return {
    subject: title,
    text: alertText(told, settings),
    html: alertHtml(told, settings).value,
    headers: { References: thread, 'In-Reply-To': thread, ...automaticHeaders(settings.deployment) },
    attachments: [],
  };
}

/** The id a mail of this transition carries, with angle brackets; the same on every replay. */
export function alertMailId(told: Told, settings: MessageSettings): string {
  return `<${messageId(told, settings)}.${domainPart(settings.deployment)}@stillwatch.invalid>`;
}

function alertHtml(told: Told, settings: MessageSettings): SafeHtml {
  const screen = fitted(firstScreen(told, settings));
  const body = html`<h1 style="${MAIL.h1}">${screen.title}</h1>
${screenTable(screen)}
${doList(screen)}
<hr style="${MAIL.rule}">
${details(told, settings).map(sectionHtml)}`;
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
