import type { MessageSettings } from '../core/messages/settings.ts';
import type { Settings } from '../core/settings.ts';

/** In the cloud no command is advertised: the reader of a message has the runbook, not a checkout. */
export function messageSettings({ deployment, messages }: Settings): MessageSettings {
  return { deployment, runbookBaseUrl: messages.runbook, showAccount: false, actions: [] };
}
