/** An alert as plain text: the first screen, a rule, then what stands behind it. */
import { type Block, type FirstScreen, paragraphs, type Section } from './content.ts';
import { details } from './details.ts';
import type { Envelope } from './envelope.ts';
import { firstScreen } from './first-screen.ts';
import { LINE_WIDTH, labelled, TABLE_WIDTH, tableLines } from './lines.ts';

/** Title included. Amazon Q and a phone's lock screen show about this much. */
export const SCREEN_LIMIT = 900;

/** The whole text, at most 6 KiB for any finding with the contract's limits. Ends in a line feed. */
export function alertText(told: Envelope): string {
  const rest = details(told).flatMap(sectionLines);
  return `${[firstScreenText(told), '-'.repeat(LINE_WIDTH), ...rest].join('\n')}\n`;
}

/** The first screen alone, at most 900 characters. */
export function firstScreenText(told: Envelope): string {
  return screenText(fitted(firstScreen(told)));
}

/** The first screen with as many clauses and commands as fit into 900 characters. */
export function fitted(screen: FirstScreen): FirstScreen {
  let shown = screen;
  while (screenText(shown).length > SCREEN_LIMIT) {
    const smaller = withoutWeakest(shown);
    if (smaller === shown) return shown;
    shown = smaller;
  }
  return shown;
}

function screenText(screen: FirstScreen): string {
  return [screen.title, ...screen.blocks.flatMap(blockLines), ...doLines(screen)].join('\n');
}

function blockLines(block: Block): string[] {
  const [first, ...more] = paragraphs(block);
  return [...labelled(block.label, first ?? ''), ...more.flatMap((line) => labelled('', line))];
}

function doLines({ runbook, steps }: FirstScreen): string[] {
  const width = Math.max(0, ...steps.map((step) => step.text.length));
  const lines = steps.map((step, index) =>
    `  ${index + 1}   ${step.note ? `${step.text.padEnd(width)}    ${step.note}` : step.text}`.trimEnd(),
  );
  return [`DO    Runbook ${runbook}`, ...lines];
}

/** Notes go first, then droppable clauses, then commands from the last up: the runbook always stays. */
function withoutWeakest(screen: FirstScreen): FirstScreen {
  if (screen.steps.some((step) => step.note)) {
    return { ...screen, steps: screen.steps.map(({ text }) => ({ text })) };
  }
  const worst = Math.max(...screen.blocks.flatMap((block) => block.clauses.map((each) => each.drop)));
  if (worst > 0) {
    const blocks = screen.blocks.map((block) => ({
      ...block,
      clauses: block.clauses.filter((each) => each.drop < worst),
    }));
    return { ...screen, blocks };
  }
  return screen.steps.length > 0 ? { ...screen, steps: screen.steps.slice(0, -1) } : screen;
}

function sectionLines({ label, text, table, wide }: Section): string[] {
  if (!table) return labelled(label, text ?? '', wide ? TABLE_WIDTH : LINE_WIDTH);
  if (table.head.length === 0) return [label, ...tableLines(table)];
  const words = table.head.map((word, column) => (column < table.figuresFrom ? '' : word));
  const [head, ...rows] = tableLines({ ...table, head: words });
  return [label + head!.slice(label.length), ...rows];
}
