#!/usr/bin/env node
// `npm run corpora`: fetches the real data that tests and benchmarks read, as corpora.json lists it. Needs only Node >= 20.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { main } from './corpora/main.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
process.exitCode = await main(process.argv.slice(2), { root, env: process.env });
