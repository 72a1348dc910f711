/** Sends a mail by SES version 2, which takes headers, pictures and attachments without a MIME library. */
import { type Attachment, type SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
import type { MailMessage, MailPart } from '../../core/messages/mail-message.ts';
import type { Beside } from '../../core/outbox/outbox.ts';

export interface Mailer {
  /**
   * `tags` come back with each event of the mail: letters, digits, `_` and `-`. To the recipients of the deployment, and
   * to those beside them or only to those.
   */
  send(mail: MailMessage, tags?: Readonly<Record<string, string>>, beside?: Beside): Promise<void>;
}

export interface SesOptions {
  client: SESv2Client;
  sender: string;
  recipients: string[];
  configurationSet: string;
}

export class SesMailer implements Mailer {
  private readonly options: SesOptions;

  constructor(options: SesOptions) {
    this.options = options;
  }

  async send(mail: MailMessage, tags: Readonly<Record<string, string>> = {}, beside?: Beside): Promise<void> {
    const { client, sender, configurationSet } = this.options;
    const others = beside?.alone ? [] : this.options.recipients;
    const recipients = [...new Set([...others, ...(beside?.addresses ?? [])])];
    const utf8 = (Data: string) => ({ Data, Charset: 'UTF-8' });
    await client.send(
      new SendEmailCommand({
        FromEmailAddress: sender,
        Destination: { ToAddresses: recipients },
        ConfigurationSetName: configurationSet,
        EmailTags: Object.entries(tags).map(([Name, Value]) => ({ Name, Value })),
        Content: {
          Simple: {
            Subject: utf8(mail.subject),
            Body: { Text: utf8(mail.text), Html: utf8(mail.html) },
            Headers: Object.entries(mail.headers).map(([Name, Value]) => ({ Name, Value })),
            Attachments: mail.attachments.map(attachment),
          },
        },
      }),
    );
  }
}

/** The service answered that it did not take the mail; any other failure may hide one that it took. */
export function wasRefused(error: unknown): boolean {
  const status = (error as { $metadata?: { httpStatusCode?: number } } | undefined)?.$metadata?.httpStatusCode;
  return status !== undefined && status >= 400 && status < 500;
}

function attachment({ filename, contentType, content, contentId }: MailPart): Attachment {
  return {
    FileName: filename,
    ContentType: contentType,
    RawContent: content,
    ContentTransferEncoding: 'BASE64',
    ...(contentId ? { ContentId: contentId, ContentDisposition: 'INLINE' } : { ContentDisposition: 'ATTACHMENT' }),
  };
}
