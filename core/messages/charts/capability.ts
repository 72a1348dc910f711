/** What a campaign is after: its share of each task beside that of all accounts. */
import type { Finding } from '../../findings/finding.ts';
import { listed, shortPercent, times } from '../numbers.ts';
import { LABEL, type Picture, type Shape, textWidth } from './picture.ts';

type Capability = Finding['capabilities'][number];

const ROW = 44;
const HEAD = 24;
const BAR = 12;

/** Shown from this share on, among the members. */
const SHOWN = 0.01;
const MOST = 6;

export function usualShare({ share, lift }: Capability): number {
  return lift > 0 && Number.isFinite(lift) ? share / lift : 0;
}

/** Largest share first. */
export function shownCapabilities({ capabilities }: Pick<Finding, 'capabilities'>): Capability[] {
  return capabilities.filter((each) => each.share >= SHOWN).toSorted((a, b) => b.share - a.share);
}

/** Null where no exchange has a task. Members' bars are filled, all accounts' are hollow. */
export function capabilityChart(finding: Finding, width: number): { picture: Picture; says: string } | null {
  const shown = shownCapabilities(finding).slice(0, MOST);
  if (shown.length === 0) return null;
  const names = shown.map(({ task }) => task.replaceAll('_', ' '));
  const left = Math.ceil(Math.max(...names.map((name) => textWidth(name, LABEL)))) + 12;
  const words = shown.map((each) => `${shortPercent(each.share)}, ${times(each.lift)}`);
  const right = Math.ceil(Math.max(...words.map((each) => textWidth(each, LABEL)))) + 8;
  const widest = Math.max(...shown.flatMap((each) => [each.share, usualShare(each)]));
  const long = (share: number) => Math.max(1, (share / widest) * (width - left - right));
  const rows = shown.flatMap((each, index): Shape[] => {
    const top = HEAD + index * ROW + 6;
    const [ours, theirs] = [long(each.share), long(usualShare(each))];
    return [
      { kind: 'text', x: left - 12, y: top + BAR + 4, text: names[index]!, size: LABEL, ink: 'text', anchor: 'end' },
      { kind: 'rect', x: left, y: top, width: ours, height: BAR, ink: 'main' },
      { kind: 'text', x: left + ours + 6, y: top + 10, text: words[index]!, size: LABEL, ink: 'text' },
      { kind: 'rect', x: left, y: top + BAR + 3, width: theirs, height: BAR, ink: 'second', hollow: true },
      {
        kind: 'text',
        x: left + theirs + 6,
        y: top + BAR + 13,
        text: shortPercent(usualShare(each)),
        size: LABEL,
        ink: 'text',
      },
    ];
  });
  return {
    picture: { width, height: HEAD + shown.length * ROW, shapes: [...legend(left), ...rows] },
    says: says(shown),
  };
}

function legend(left: number): Shape[] {
  const second = left + 18 + textWidth('members', LABEL) + 20;
  return [
    { kind: 'rect', x: left, y: 2, width: 12, height: 12, ink: 'main' },
    { kind: 'text', x: left + 18, y: 12, text: 'members', size: LABEL, ink: 'text' },
    { kind: 'rect', x: second, y: 2, width: 12, height: 12, ink: 'second', hollow: true },
    { kind: 'text', x: second + 18, y: 12, text: 'all accounts', size: LABEL, ink: 'text' },
  ];
}

/** The three largest lifts. */
function says(shown: readonly Capability[]): string {
  const largest = shown.toSorted((a, b) => b.lift - a.lift).slice(0, 3);
  const words = largest.map(
    ({ task, share, lift }) => `${task.replaceAll('_', ' ')} ${times(lift)} its usual share (${shortPercent(share)})`,
  );
  return `What the members ask for most above all accounts: ${listed(words, 3)}.`;
}
