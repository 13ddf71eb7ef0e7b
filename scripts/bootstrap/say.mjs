export function say(line) {
  process.stderr.write(`perf: ${line}\n`);
}
