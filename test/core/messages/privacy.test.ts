import { describe, expect, it } from 'vitest';
import { alertText } from '../../../core/messages/alert-text.ts';
import { chatMessage } from '../../../core/messages/chat.ts';
import { alertEmail } from '../../../core/messages/email.ts';
import { envelope } from '../../../core/messages/envelope.ts';
import { buildReport } from '../../../core/messages/report-data.ts';
import { reportHtml } from '../../../core/messages/report-html.ts';
import { weeklyMail } from '../../../core/messages/report-mail.ts';
import { snsMessage } from '../../../core/messages/sns.ts';
import { SETTINGS, UPDATED } from './sample.ts';
import { REPORT_INPUT } from './sample-report.ts';

const CANARY = 'canary-5f3a';

/** The sample with canaries wherever a careless change upstream might put something about an account. */
const planted = {
  ...UPDATED,
  members: [{ account: `${CANARY}-account`, confidence: 'certain' }],
  context: {
    ...UPDATED.context,
    accounts: [`${CANARY}-list`],
    profile: { ...UPDATED.context.profile, asn: `${CANARY}-asn`, subnets: [`${CANARY}-subnet`] },
    daily: UPDATED.context.daily.map((day) => ({ ...day, accounts: [`${CANARY}-day`] })),
  },
} as typeof UPDATED;

describe('no message says who, from where or what was asked', () => {
  const report = buildReport({ ...REPORT_INPUT, transitions: [planted] });
  const mail = weeklyMail(report, { mail: 'sender@example.com' });
  const files = mail.attachments.map(({ content }) => new TextDecoder('latin1').decode(content)).join('');

  it.each([
    ['text', alertText(envelope(planted, SETTINGS))],
    ['envelope', JSON.stringify(envelope(planted, SETTINGS))],
    ['SNS', JSON.stringify(snsMessage(envelope(planted, SETTINGS)))],
    ['chat', JSON.stringify(chatMessage(envelope(planted, SETTINGS)))],
    ['mail', JSON.stringify(alertEmail(envelope(planted, SETTINGS)))],
    ['report page', reportHtml(report)],
    ['report mail', mail.text + mail.html + mail.subject],
    ['what is attached to it', files],
  ])('%s', (_, message) => expect(message).not.toContain(CANARY));

  it('the canaries are there to be found', () => {
    expect(JSON.stringify(planted).split(CANARY).length - 1).toBeGreaterThan(4);
  });
});
