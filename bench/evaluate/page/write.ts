/** Puts the page and its figures into a folder. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Evaluation } from './data.ts';
import { evaluationPage } from './page.ts';

export function writePage(dir: string, evaluation: Evaluation): void {
  const { text, figures } = evaluationPage(evaluation);
  mkdirSync(join(dir, 'figures'), { recursive: true });
  for (const { file, svg } of figures) writeFileSync(join(dir, 'figures', file), svg);
  writeFileSync(join(dir, 'evaluation.md'), text);
}
