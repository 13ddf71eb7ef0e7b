import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { say } from './say.mjs';

/** Two commands started at once in a fresh clone must not install into each other. */
export async function withLock(root, work) {
  const file = path.join(root, 'node_modules', '.perf', 'bootstrap.lock');
  mkdirSync(path.dirname(file), { recursive: true });
  for (let waited = false; ; waited = true) {
    if (tryTake(file)) break;
    if (!waited) say('another command is installing: waiting for it');
    await sleep(200);
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

function tryTake(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  // A lock whose owner is gone is left over from a killed run.
  if (!isAlive(readOwner(file))) rmSync(file, { force: true });
  return false;
}

function readOwner(file) {
  try {
    return Number(readFileSync(file, 'utf8'));
  } catch {
    return 0;
  }
}

function isAlive(pid) {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
