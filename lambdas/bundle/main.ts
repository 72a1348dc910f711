/** `main.ts NAME FOLDER`: writes the bundle of a function as `FOLDER/index.mjs`. Exit 1: it cannot be made. */
import { join } from 'node:path';
import { bundle, handlerOf } from './bundle.ts';

const [, , name, folder] = process.argv;
await bundle(handlerOf(name!), join(folder!, 'index.mjs'));
