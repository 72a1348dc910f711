/** A mail before it is sent: SES takes these parts as they are, the laptop writes them as one .eml file. */

export interface MailPart {
  filename: string;
  /** `text/csv; charset=utf-8`, say. */
  contentType: string;
  content: Uint8Array;
  /** Set for a picture that the HTML shows as `cid:...`. */
  contentId?: string;
}

export interface MailMessage {
  /** At most 78 ASCII characters. */
  subject: string;
  text: string;
  /** A whole document that loads nothing from elsewhere. */
  html: string;
  /** Beside From, To, Subject, Date and the MIME headers. */
  headers: Record<string, string>;
  attachments: MailPart[];
}

/** Headers that keep out-of-office replies away and let readers filter by list. */
export function automaticHeaders(deployment: string): Record<string, string> {
  return {
    'Auto-Submitted': 'auto-generated',
    'X-Auto-Response-Suppress': 'All',
    'List-Id': `Stillwatch <${domainPart(deployment)}.stillwatch.invalid>`,
  };
}

/** A deployment's name as one label of a message id: letters, digits and hyphens. */
export function domainPart(name: string): string {
  return name.replace(/[^A-Za-z0-9-]+/g, '-').replace(/^-+|-+$/g, '') || 'local';
}
