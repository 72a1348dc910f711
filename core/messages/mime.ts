/**
 * A mail as one `.eml` file: RFC 5322 headers, RFC 2045-2047 encodings, CRLF, lines of at most 76 characters where
 * encoded. The same mail gives the same bytes: boundaries come from its content.
 */
import { createHash } from 'node:crypto';
import { mailDate } from './dates.ts';
import { base64, base64Lines, quotedPrintable } from './encodings.ts';
import type { MailMessage, MailPart } from './mail-message.ts';

export interface MailEnvelope {
  from: string;
  to: string[];
  /** RFC 3339; the event time of what is told, not the time of sending. */
  date: string;
  /** With angle brackets. */
  messageId: string;
}

const CRLF = '\r\n';

/** The whole file. Header values lose line breaks, so no value can begin a header of its own. */
export function emlFile(mail: MailMessage, envelope: MailEnvelope): string {
  const headers: [string, string][] = [
    ['From', envelope.from],
    ['To', envelope.to.join(', ')],
    ['Subject', mail.subject],
    ['Date', mailDate(envelope.date)],
    ['Message-ID', envelope.messageId],
    ...Object.entries(mail.headers),
    ['MIME-Version', '1.0'],
  ];
  return headers.map(([name, value]) => headerLine(name, value)).join('') + body(mail);
}

interface Entity {
  headers: [string, string][];
  body: string;
}

/** mixed(alternative(text, related(html, pictures)), attachments), with the layers that are not needed left out. */
function body(mail: MailMessage): string {
  const pictures = mail.attachments.filter((part) => part.contentId);
  const files = mail.attachments.filter((part) => !part.contentId);
  const page = together('related', [textPart('html', mail.html), ...pictures.map(filePart)]);
  const both = together('alternative', [textPart('plain', mail.text), page]);
  return entityText(together('mixed', [both, ...files.map(filePart)]));
}

function together(kind: string, parts: Entity[]): Entity {
  if (parts.length === 1) return parts[0]!;
  const bodies = parts.map(entityText);
  const boundary = boundaryOf(kind, bodies);
  const inner = bodies.map((each) => `--${boundary}${CRLF}${each}${CRLF}`).join('');
  return {
    headers: [['Content-Type', `multipart/${kind}; boundary="${boundary}"`]],
    body: `${inner}--${boundary}--${CRLF}`,
  };
}

/** `=_` occurs in no quoted-printable or base64 body, so the boundary cannot either (RFC 2045, 6.7). */
function boundaryOf(kind: string, bodies: string[]): string {
  const digest = createHash('sha256').update(bodies.join('\0'), 'utf8').digest('hex').slice(0, 24);
  return `=_${kind}_${digest}`;
}

function entityText({ headers, body: content }: Entity): string {
  return headers.map(([name, value]) => headerLine(name, value)).join('') + CRLF + content;
}

function textPart(subtype: 'plain' | 'html', text: string): Entity {
  return {
    headers: [
      ['Content-Type', `text/${subtype}; charset=utf-8`],
      ['Content-Transfer-Encoding', 'quoted-printable'],
    ],
    body: quotedPrintable(text),
  };
}

function filePart(part: MailPart): Entity {
  const name = part.filename.replace(/[^A-Za-z0-9._-]/g, '_');
  const cid: [string, string][] = part.contentId ? [['Content-ID', `<${part.contentId}>`]] : [];
  return {
    headers: [
      ['Content-Type', part.contentType],
      ['Content-Transfer-Encoding', 'base64'],
      ['Content-Disposition', `${part.contentId ? 'inline' : 'attachment'}; filename="${name}"`],
      ...cid,
    ],
    body: base64Lines(part.content),
  };
}

function headerLine(name: string, value: string): string {
  const clean = value.replace(/[\r\n]+/g, ' ');
  return fold(`${name}: ${/^[\x20-\x7e]*$/.test(clean) ? clean : encodedWords(clean)}`) + CRLF;
}

/** RFC 2047 encoded words of at most 75 characters, split between characters. */
function encodedWords(text: string): string {
  const words: string[] = [];
  let chunk = '';
  for (const character of text) {
    if (new TextEncoder().encode(chunk + character).length > 42) {
      words.push(chunk);
      chunk = '';
    }
    chunk += character;
  }
  return [...words, chunk].map((each) => `=?UTF-8?B?${base64(new TextEncoder().encode(each))}?=`).join(' ');
}

/** Folds at spaces towards 78 characters; a header of one long word stays on one line (the hard limit is 998). */
function fold(line: string): string {
  const lines: string[] = [];
  let current = '';
  for (const word of line.split(' ')) {
    if (current.length + 1 + word.length > 78 && current.includes(':') && current.trim() !== '') {
      lines.push(current);
      current = ` ${word}`;
    } else current = current === '' ? word : `${current} ${word}`;
  }
  return [...lines, current].join(CRLF);
}
