/** `export --undelivered`: what no channel took, and with `--send` another try by the deployment's own channels. */
import type { OutboxRow } from '../../core/outbox/outbox.ts';
import { openPlace, resendFrom } from '../adapters/place/open.ts';
import { printUndelivered } from './due.ts';

export async function exportUndeliveredCommand({ at, send }: { at: string; send?: boolean }): Promise<void> {
  if (!send) {
    printUndelivered(await (await openPlace(at)).messages(), Date.now());
    return;
  }
  const { again, stale } = await resendFrom(at);
  const line = (what: string) => (row: OutboxRow) => `${row.messageId}  ${row.channel}  ${row.subject}: ${what}`;
  const lines = [
    ...again.map(line('pending again, tried within a minute')),
    ...stale.map(line('not sent: a later message of it was')),
  ];
  console.log(lines.length === 0 ? 'nothing to send: no message was given up' : lines.join('\n'));
}
