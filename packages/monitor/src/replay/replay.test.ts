import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { corpusFile } from '../testing/corpora.ts';
import { recordingFolder, syntheticLines } from '../testing/recording.ts';
import { replay } from './replay.ts';

const folder = recordingFolder();
afterAll(() => folder[Symbol.dispose]());

const joined = (lines: readonly string[]): string => `${lines.join('\n')}\n`;
const corpus = corpusFile('feeds/btcusdt_20240808.gz');

describe('replay of the recorded feed', () => {
  test.skipIf(corpus === undefined)('ends with the book of the answer key, every check equal', async () => {
    expect(await replay({ file: corpus! })).toMatchObject({
      ok: true,
      symbol: 'BTCUSDT',
      tick: '0.1',
      lot: '0.001',
      lines: 93_954,
      bytes: 27_757_550,
      events: 6_547,
      staleEvents: 4,
      levelUpdates: 443_262,
      gaps: 0,
      trades: 21_313,
      bookTickers: 66_089,
      bookChecks: 6_547,
      bookChecksEqual: 6_547,
      bidLevels: 5_018,
      askLevels: 4_578,
      bookSha256: '5530c5016f683d783d834dd0973b39edf86a18f08e8823331f0e80a073c339ec',
      rejected: { total: 0 },
      error: null,
    });
  });

  test.skipIf(corpus === undefined)('notices one depth event that is missing', async () => {
    const lines = gunzipSync(readFileSync(corpus!)).toString('latin1').split('\n', 12_000);
    const missing = lines.findIndex((line, index) => index > 5_000 && line.includes('depthUpdate'));
    const file = folder.write('missing', joined(lines.toSpliced(missing, 1)));
    const report = await replay({ file });
    expect(report).toMatchObject({ ok: false, gaps: 1, error: { code: 'ERR_PERF_MONITOR_BOOK' } });
    expect(report.bookChecks).toBe(report.bookChecksEqual);
  });
});

describe('replay of a synthetic feed', () => {
  test('reads plain text and gzip alike, whatever the name', async () => {
    const lines = joined(syntheticLines());
    const plain = await replay({ file: folder.write('plain.gz', lines) });
    const packed = await replay({ file: folder.write('packed.txt', lines, true) });
    expect(plain).toMatchObject({ ok: true, events: 20, staleEvents: 1, gaps: 0, bookChecks: 20, bookChecksEqual: 20 });
    expect(packed.bookSha256).toBe(plain.bookSha256);
  });

  test('finds tick and lot in the snapshot, and takes given ones instead', async () => {
    const file = folder.write('scales', joined(syntheticLines()));
    expect(await replay({ file })).toMatchObject({ tick: '0.1', lot: '0.1', bestBid: '100.0' });
    expect(await replay({ file, tick: '0.5', lot: '0.25' })).toMatchObject({ ok: true, tick: '0.5', lot: '0.25' });
  });

  test('refines the scale exactly when a finer value comes later', async () => {
    const lines = syntheticLines(30).map((line, index) =>
      index > 40
        ? line.replaceAll('"100.5","2.00"', '"100.5","2.00"').replaceAll('["101.0","4.00"]', '["101.005","4.001"]')
        : line,
    );
    const report = await replay({ file: folder.write('finer', joined(lines)) });
    expect(report).toMatchObject({ ok: true, tick: '0.001', lot: '0.001', bookChecks: 30, bookChecksEqual: 30 });
  });

  test('refines the scale for a value before the snapshot', async () => {
    const lines = syntheticLines();
    lines[0] = lines[0].replace('"99.5","1"', '"99.55","1"');
    expect(await replay({ file: folder.write('finer-first', joined(lines)) })).toMatchObject({
      ok: true,
      tick: '0.01',
    });
  });

  test('counts and names a price off the tick that was given', async () => {
    const report = await replay({ file: folder.write('off', joined(syntheticLines())), tick: '1' });
    expect(report.ok).toBe(false);
    expect(report.rejected.byReason['off-grid']).toBeGreaterThan(0);
    expect(report.rejected.examples[0]).toContain('not a multiple of 1');
  });

  test('goes on after a new snapshot when an event is missing', async () => {
    const lines = syntheticLines();
    const again = syntheticLines(40);
    const events = lines.filter((line) => !line.includes('"u":105'));
    const snapshot = again[1].replace('"lastUpdateId":100', '"lastUpdateId":110');
    const at = events.findIndex((line) => line.includes('"U":111'));
    const report = await replay({ file: folder.write('resync', joined(events.toSpliced(at, 0, snapshot))) });
    expect(report).toMatchObject({ gaps: 1, snapshots: 2, error: null });
  });

  test('gives the same report at any speed, and keeps the pace', async () => {
    const file = folder.write('paced', joined(syntheticLines(40)));
    const fast = await replay({ file });
    const paced = await replay({ file, speed: 1 });
    expect(paced.bookSha256).toBe(fast.bookSha256);
    // 120 lines, a millisecond apart.
    expect(paced.durationMs).toBeGreaterThan(100);
  });

  test('stops at the signal and reports how far it came', async () => {
    const controller = new AbortController();
    const running = replay({
      file: folder.write('endless', joined(syntheticLines(40))),
      speed: 0.001,
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    expect(await running).toMatchObject({ interrupted: true, ok: false, error: null });
  });
});

describe('replay of a bad recording', () => {
  const errorOf = async (file: string): Promise<string> => {
    const { error, ok } = await replay({ file });
    expect(ok).toBe(false);
    return `${error?.code}: ${error?.message}`;
  };

  test('says that a file does not exist, is empty or is a folder', async () => {
    expect(await errorOf('no-such-file')).toMatch(/RECORDING: no-such-file cannot be read: there is no such file/);
    expect(await errorOf(folder.write('empty', ''))).toMatch(/RECORDING: .* is empty/);
    expect(await errorOf(process.cwd())).toMatch(/RECORDING: .* is not a file/);
  });

  test('reports what was read before a gzip file was cut off', async () => {
    const lines = joined(syntheticLines(2_000));
    const packed = folder.write('whole.gz', lines, true);
    const cut = folder.write('cut.gz', readFileSync(packed).subarray(0, -200));
    const report = await replay({ file: cut });
    expect(report.error).toMatchObject({
      code: 'ERR_PERF_MONITOR_RECORDING',
      message: expect.stringContaining('cut off'),
    });
    expect(report.events).toBeGreaterThan(500);
    expect(report.bookChecksEqual).toBe(report.bookChecks);
  });

  test('says that a gzip file is damaged', async () => {
    const bytes = readFileSync(folder.write('good.gz', joined(syntheticLines(2_000)), true));
    bytes.fill(0xff, bytes.length >> 1, (bytes.length >> 1) + 50);
    expect(await errorOf(folder.write('damaged.gz', bytes))).toMatch(/RECORDING: .* is damaged after line \d+/);
  });

  test('refuses lines without a receive time and goes on', async () => {
    const lines = syntheticLines().toSpliced(10, 0, 'garbage', '', '123 {"e":"trade"}');
    const report = await replay({ file: folder.write('garbage', joined(lines)) });
    expect(report).toMatchObject({
      ok: false,
      events: 20,
      rejected: { total: 3, byReason: { 'wrong-shape': 3 } },
      error: null,
    });
    expect(report.rejected.examples[0]).toContain('line 11');
  });

  test('says that there is no snapshot, or no depth event', async () => {
    const lines = syntheticLines();
    expect(await errorOf(folder.write('no-snapshot', joined(lines.toSpliced(1, 1))))).toMatch(/no depth snapshot/);
    expect(await errorOf(folder.write('no-depth', joined([lines[1]])))).toMatch(/no depth event/);
  });

  test('counts a frame with a price beyond all numbers, which leaves a gap', async () => {
    const lines = syntheticLines().map((line) =>
      line.includes('"U":105') ? line.replace('"100.0"', '"1e400"') : line,
    );
    const report = await replay({ file: folder.write('1e400', joined(lines)) });
    expect(report).toMatchObject({ ok: false, gaps: 1, rejected: { byReason: { 'bad-decimal': 1 } } });
  });

  test('stops at a line above the limit', async () => {
    const lines = syntheticLines().toSpliced(5, 0, 'x'.repeat(5_000));
    const { error } = await replay({ file: folder.write('long', joined(lines)), maxLineBytes: 4_000 });
    expect(error).toMatchObject({ code: 'ERR_PERF_MONITOR_RECORDING', message: expect.stringContaining('line 6') });
  });

  test('rejects a speed that is none', async () => {
    await expect(replay({ file: 'x', speed: 0 })).rejects.toMatchObject({ code: 'ERR_PERF_MONITOR_OPTION' });
  });
});
