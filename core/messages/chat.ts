/**
 * An alert for Amazon Q Developer in chat applications (Slack, Teams), custom notification schema 1.0. The service
 * drops any field outside that schema, and any message not in it, without a word.
 */
import { fitted } from './alert-text.ts';
import { type FirstScreen, paragraph } from './content.ts';
import { threadOf } from './email.ts';
import type { Envelope } from './envelope.ts';
import { firstScreen } from './first-screen.ts';

export interface ChatMessage {
  version: '1.0';
  source: 'custom';
  id: string;
  content: {
    textType: 'client-markdown';
    title: string;
    /** At most 900 characters. */
    description: string;
    nextSteps: string[];
    keywords: string[];
  };
  /** `threadId` keeps all messages of one finding in one thread. */
  metadata: { threadId: string; summary: string; eventType: string };
}

export function chatMessage(told: Envelope): ChatMessage {
  const screen = fitted(firstScreen(told));
  const { finding, message } = told;
  const keywords = finding === null ? ['WATCH', told.watch.cause] : [finding.severity, finding.classification];
  return {
    version: '1.0',
    source: 'custom',
    id: told.messageId,
    content: {
      textType: 'client-markdown',
      title: screen.title,
      description: description(screen),
      nextSteps: [`Runbook ${screen.runbook}`, ...screen.steps.map((step) => step.text)],
      keywords,
    },
    metadata: { threadId: threadOf(told), summary: `${threadOf(told)} ${message}`, eventType: message },
  };
}

function description(screen: FirstScreen): string {
  return screen.blocks.map((block) => `*${block.label}* ${markdown(paragraph(block))}`).join('\n');
}

/** Task names hold underscores, which chat would read as emphasis; none of Slack's `&<>` may reach it bare. */
function markdown(text: string): string {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return escaped.replace(/\b[a-z]+(?:_[a-z]+)+\b/g, (name) => `\`${name}\``);
}
