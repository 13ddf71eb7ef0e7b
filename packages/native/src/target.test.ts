import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { currentTarget, describePlatform, TARGETS } from './target.ts';

const home = fileURLToPath(new URL('..', import.meta.url));

test('every target has its package and is asked for by this one', () => {
  const { optionalDependencies } = JSON.parse(readFileSync(`${home}/package.json`, 'utf8')) as {
    optionalDependencies: Record<string, string>;
  };
  expect(readdirSync(`${home}/npm`).toSorted()).toEqual(TARGETS.toSorted());
  expect(Object.keys(optionalDependencies).toSorted()).toEqual(
    TARGETS.map((name) => `@perf/native-${name}`).toSorted(),
  );
});

test('the platform packages name their binary and the machine it runs on', () => {
  for (const target of TARGETS) {
    const manifest = JSON.parse(readFileSync(`${home}/npm/${target}/package.json`, 'utf8')) as Record<string, unknown>;
    const [platform, arch, libc] = target.split('-');
    const binary = `perf.${target}.node`;
    expect(manifest).toMatchObject({ name: `@perf/native-${target}`, main: binary, files: [binary] });
    expect(manifest).toMatchObject({ os: [platform], cpu: [arch] });
    expect(manifest.libc).toEqual(platform === 'linux' ? [libc === 'gnu' ? 'glibc' : 'musl'] : undefined);
  }
});

test('the running platform is told without leaving a trace in the settings of the report', () => {
  const { report } = process as unknown as { report: { excludeNetwork: boolean } };
  const before = report.excludeNetwork;
  expect(currentTarget().startsWith(`${process.platform}-${process.arch}`)).toBe(true);
  expect(describePlatform()).toContain(`Node ${process.version}`);
  expect(report.excludeNetwork).toBe(before);
});
