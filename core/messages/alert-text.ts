/** An alert as plain text: the first screen, a rule, then what stands behind it. */
import { type Block, type FirstScreen, paragraph, type Section, type Told } from './content.ts';
import { details } from './details.ts';
import { firstScreen } from './first-screen.ts';
import { LINE_WIDTH, labelled, tableLines } from './lines.ts';
import type { MessageSettings } from './settings.ts';

/** Title included. Amazon Q and a phone's lock screen show about this much. */
export const SCREEN_LIMIT = 900;

/** The whole text, at most 6 KiB for any finding with the contract's limits. Ends in a line feed. */
export function alertText(told: Told, settings: MessageSettings): string {
  const rest = details(told, settings).flatMap(sectionLines);
  return `${[firstScreenText(told, settings), '-'.repeat(LINE_WIDTH), ...rest].join('\n')}\n`;
}

/** The first screen alone, at most 900 characters. */
export function firstScreenText(told: Told, settings: MessageSettings): string {
  return screenText(fitted(firstScreen(told, settings)));
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
  return labelled(block.label, paragraph(block));
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

function sectionLines(section: Section): string[] {
  if (!section.table) return labelled(section.label, section.text ?? '');
  return [section.label, ...tableLines(section.table)];
}
