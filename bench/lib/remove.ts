import { rmSync } from 'node:fs';

export function remove(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}
