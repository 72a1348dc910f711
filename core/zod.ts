/**
 * zod as functions that a bundle takes one by one, with the messages of the whole library. For what functions parse;
 * schemas that only tools and tests read are written with zod itself. Values of the two may hold each other.
 */

import { en } from 'zod/locales';
import { config } from 'zod/mini';

config(en());

export * from 'zod/mini';
