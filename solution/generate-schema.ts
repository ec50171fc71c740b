/**
 * Writes the worker's names from the tree: `npx tsx solution/generate-schema.ts`.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { generatedPath, renderSchema } from './generated-schema';
import { schemaOf } from './schema';
import { readTree } from './tree';

const target = join(__dirname, '..', generatedPath);
mkdirSync(dirname(target), { recursive: true });
writeFileSync(target, renderSchema(schemaOf(readTree(join(__dirname, 'src')))));
