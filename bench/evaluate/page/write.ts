/** Puts the page and its figures into a folder, and beside them the detection floor that reports print. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Evaluation } from './data.ts';
import { floorModule } from './floor-table.ts';
import { evaluationPage } from './page.ts';

const PRODUCT_FLOOR = join(import.meta.dirname, '../../../core/messages/detection-floor.ts');

export function writePage(dir: string, evaluation: Evaluation): void {
  const { text, figures } = evaluationPage(evaluation);
  mkdirSync(join(dir, 'figures'), { recursive: true });
  for (const { file, svg } of figures) writeFileSync(join(dir, 'figures', file), svg);
  writeFileSync(join(dir, 'evaluation.md'), text);
  writeFileSync(evaluation.reported ? PRODUCT_FLOOR : join(dir, 'detection-floor.ts'), floorModule(evaluation));
}
