/** The blast radius of a throttle in the terminal. */
import type { ThrottlePreview } from '../dossier/throttle.ts';
import { exact, percent, plural } from '../messages/numbers.ts';

export function previewLines(preview: ThrottlePreview): string[] {
  const { lastDay, exceptions, othersInThoseOrgs } = preview;
  const share = lastDay.ofAll === 0 ? '' : ` (${percent(lastDay.ofThrottled / lastDay.ofAll)})`;
  const excepted = exceptions.length > 0 ? `less excepted (${exceptions.join(', ')})` : 'less excepted';
  return [
    line('certain accounts', preview.certain),
    line('less already banned or closed', preview.gone),
    line(excepted, preview.excepted),
    line(
      'to throttle',
      preview.toThrottle,
      `verified ${exact(preview.verified)}, paying by invoice ${exact(preview.invoiced)}, in a programme ${exact(preview.inProgramme)}`,
    ),
    line(
      'in orgs with accounts outside the finding',
      preview.orgsWithOthers,
      `orgs, whose ${plural(othersInThoseOrgs, 'other account')} ${othersInThoseOrgs === 1 ? 'stays' : 'stay'} untouched`,
    ),
    line('>= 20% other work in the last 7 d', preview.withOtherWork, 'listed first: cover traffic, or a real customer'),
    line(
      'effect on the last 24 h',
      lastDay.ofThrottled,
      `of the finding's ${plural(lastDay.ofAll, 'exchange')}${share}`,
    ),
  ];
}

function line(name: string, value: number, note = ''): string {
  return `${name.padEnd(42)}${exact(value).padStart(9)}      ${note}`.trimEnd();
}
