// Runs inside the consumer's project: imports what it is told and reports what that changed. Silence and exit code 0 mean:
// nothing.
import { writeSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';

/** Longer than any machine needs to end a process that has nothing left to do. */
const EXIT_MS = 1000;

const PATCHABLE = { JSON, Promise, 'Promise.prototype': Promise.prototype, 'Object.prototype': Object.prototype };
Object.assign(PATCHABLE, { 'Array.prototype': Array.prototype, 'Function.prototype': Function.prototype, console });

/** Names and counts. Values of named globals are left alone, because reading a lazy one changes it; symbols are where
 * libraries register themselves (undici takes over the global fetch that way), so their values count. */
function snapshot() {
  const state = {
    globals: Reflect.ownKeys(globalThis).flatMap(describeGlobal),
    'process properties': Reflect.ownKeys(process).map(String),
    environment: Object.entries(process.env).map(([name, value]) => `${name}=${value}`),
    'process listeners': process.eventNames().map((name) => `${String(name)} x${process.listenerCount(name)}`),
    'active resources': process.getActiveResourcesInfo(),
  };
  for (const [name, object] of Object.entries(PATCHABLE)) {
    state[name] = Reflect.ownKeys(object).map(
      (key) => `${String(key)} #${identity(Reflect.getOwnPropertyDescriptor(object, key))}`,
    );
  }
  return state;
}

function describeGlobal(key) {
  if (typeof key === 'string') return [key];
  const descriptor = Reflect.getOwnPropertyDescriptor(globalThis, key);
  return 'value' in descriptor && descriptor.value === undefined ? [] : [`${String(key)} #${identity(descriptor)}`];
}

const seen = new Map();
function identity({ value, get }) {
  const subject = get ?? value;
  if (!seen.has(subject)) seen.set(subject, seen.size);
  return seen.get(subject);
}

const problems = [];
function compare(before, after) {
  for (const kind of Object.keys(before)) {
    const gone = [...before[kind]];
    const added = after[kind].filter((item) => {
      const index = gone.indexOf(item);
      if (index !== -1) gone.splice(index, 1);
      return index === -1;
    });
    for (const item of added) {
      const other = gone.findIndex((old) => nameOf(old) === nameOf(item));
      if (other !== -1) gone.splice(other, 1);
      problems.push(`importing ${other === -1 ? 'adds to' : 'replaces in'} ${kind}: ${nameOf(item)}`);
    }
    for (const item of gone) problems.push(`importing removes from ${kind}: ${nameOf(item)}`);
  }
}

/** Without the number of its value. */
function nameOf(item) {
  return item.replace(/ #\d+$/, '');
}

for (const stream of ['stdout', 'stderr']) {
  const write = process[stream].write;
  process[stream].write = function (...args) {
    problems.push(`importing prints to ${stream}: ${args[0]}`);
    return write.apply(this, args);
  };
}
process.on('warning', (warning) => problems.push(`importing warns: ${warning.message}`));

// Node's own http registers Node's own fetch when it is first imported as a module.
await import('node:http');
await setImmediate();
const before = snapshot();
for (const name of process.argv.slice(2)) await import(name);
// A file that the loader read may still be closing.
await setImmediate();
await setImmediate();
compare(before, snapshot());

// Keeps nothing alive itself, so it fires only when something else does.
setTimeout(() => {
  problems.push(`the process lives on for ${EXIT_MS} ms after importing`);
  process.exit();
}, EXIT_MS).unref();

process.on('exit', () => {
  if (problems.length === 0) return;
  process.exitCode = 1;
  writeSync(2, `${problems.join('\n')}\n`);
});
