/** `node test/cdk/write-template.ts FILE`: the template with everything switched on, for tools that read files. */
import { writeFileSync } from 'node:fs';
import { FULL, templateOf } from './support.ts';

const [file] = process.argv.slice(2);
if (file === undefined) {
  process.stderr.write('write-template: name the file to write\n');
  process.exitCode = 2;
} else {
  const everything = { ...FULL, customerKey: true, senders: { organisation: 'o-a1b2c3d4e5' } };
  writeFileSync(file, JSON.stringify(templateOf(everything).toJSON(), null, 1));
}
