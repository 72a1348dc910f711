import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alertEmail, alertMailId } from '../../../core/messages/email.ts';
import { base64Lines, quotedPrintable } from '../../../core/messages/encodings.ts';
import { envelope } from '../../../core/messages/envelope.ts';
import type { MailMessage } from '../../../core/messages/mail-message.ts';
import { emlFile } from '../../../core/messages/mime.ts';
import { readMail, textOf } from './read-mail.ts';
import { OPENED, SETTINGS, UPDATED } from './sample.ts';

const ENVELOPE = {
  from: 'Stillwatch <stillwatch@stillwatch.invalid>',
  to: ['on-call@example.com'],
  date: '2026-06-22T00:00:00.000Z',
  messageId: alertMailId(envelope(UPDATED, SETTINGS)),
};
const PICTURE = {
  filename: 'share.png',
  contentType: 'image/png',
  content: new Uint8Array([137, 80]),
  contentId: 'share',
};
const FILE = {
  filename: 'report.html',
  contentType: 'text/html; charset=utf-8',
  content: new Uint8Array(300).fill(65),
};
const plain: MailMessage = { subject: 'S', text: 'text', html: '<p>text</p>', headers: {}, attachments: [] };

describe('a mail in the outbox opens in a mail reader', () => {
  it('holds the alert as text and as HTML', () => {
    const mail = alertEmail(envelope(UPDATED, SETTINGS));
    const read = readMail(emlFile(mail, ENVELOPE));
    expect(read.headers['Content-Type']).toMatch(/^multipart\/alternative/);
    expect(read.headers.Subject).toBe(mail.subject);
    expect(read.headers.Date).toBe('Mon, 22 Jun 2026 00:00:00 +0000');
    expect(read.parts.map(textOf).map((text) => text.replaceAll('\r\n', '\n'))).toEqual([mail.text, mail.html]);
  });

  it('puts all mails of a finding into one thread', () => {
    const [first, second] = [OPENED, UPDATED].map((each) =>
      readMail(emlFile(alertEmail(envelope(each, SETTINGS)), ENVELOPE)),
    );
    expect(first!.headers.References).toBe('<cmp-7f3a91.acme-prod@stillwatch.invalid>');
    expect(second!.headers.References).toBe(first!.headers.References);
    expect(first!.headers['Auto-Submitted']).toBe('auto-generated');
  });

  it('nests pictures beside the HTML and files beside the whole', () => {
    const read = readMail(emlFile({ ...plain, attachments: [PICTURE, FILE] }, ENVELOPE));
    expect(read.headers['Content-Type']).toMatch(/^multipart\/mixed/);
    const [both, file] = read.parts;
    expect(both!.headers['Content-Type']).toMatch(/^multipart\/alternative/);
    const [, related] = both!.parts;
    expect(related!.headers['Content-Type']).toMatch(/^multipart\/related/);
    expect(related!.parts[1]!.headers['Content-ID']).toBe('<share>');
    expect([...related!.parts[1]!.body]).toEqual([137, 80]);
    expect(file!.headers['Content-Disposition']).toBe('attachment; filename="report.html"');
    expect(file!.body).toEqual(FILE.content);
  });

  it('writes the same bytes each time', () => {
    const make = () => emlFile({ ...alertEmail(envelope(UPDATED, SETTINGS)), attachments: [PICTURE, FILE] }, ENVELOPE);
    expect(make()).toBe(make());
  });

  it('lets no value begin a header of its own', () => {
    const mail = { ...plain, subject: 'S\r\nBcc: everyone@example.com', headers: { 'X-Note': 'a\nb' } };
    const read = readMail(emlFile(mail, ENVELOPE));
    expect(read.headers).not.toHaveProperty('Bcc');
    expect(read.headers['X-Note']).toBe('a b');
  });

  it('encodes a header that is not ASCII', () => {
    const read = readMail(emlFile({ ...plain, subject: 'Überwachung '.repeat(9) }, ENVELOPE));
    const words = read.headers.Subject!.split(' ').map((word) => word.match(/^=\?UTF-8\?B\?(.+)\?=$/)![1]!);
    expect(words.map((word) => Buffer.from(word, 'base64').toString('utf8')).join('')).toBe('Überwachung '.repeat(9));
  });

  it('gives back any text and any bytes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), fc.uint8Array({ maxLength: 400 }), (text, content) => {
        const sent = new TextEncoder().encode(text.replace(/\r\n|\r|\n/g, '\r\n'));
        const mail = {
          ...plain,
          text,
          attachments: [{ filename: 'f', contentType: 'application/octet-stream', content }],
        };
        const [both, file] = readMail(emlFile(mail, ENVELOPE)).parts;
        expect(both!.parts[0]!.body).toEqual(new Uint8Array(sent));
        expect(file!.body).toEqual(new Uint8Array(content));
      }),
      { numRuns: 60 },
    );
  });

  it('keeps encoded lines at 76 characters', () => {
    expect(
      Math.max(
        ...quotedPrintable('é='.repeat(500))
          .split('\r\n')
          .map((line) => line.length),
      ),
    ).toBeLessThanOrEqual(76);
    expect(base64Lines(new Uint8Array(1000)).split('\r\n')[0]).toHaveLength(76);
  });
});
