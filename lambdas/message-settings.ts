import { ACTIONS, type MessageSettings } from '../core/messages/settings.ts';
import type { Settings } from '../core/settings.ts';

export function messageSettings({ deployment, messages }: Settings): MessageSettings {
  return { deployment, runbookBaseUrl: messages.runbook, showAccount: false, actions: ACTIONS };
}
