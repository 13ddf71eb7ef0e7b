import { formatNumber, formatRatio } from '../format.ts';
import { columnsOf, markdownTable, textTable, type Table } from '../table.ts';
import type { Terminal } from '../terminal.ts';
import type { JudgedTarget, TargetVerdict } from './judge.ts';

const VERDICTS: readonly TargetVerdict[] = ['met', 'missed', 'undecided'];

export function textTargets(judged: readonly JudgedTarget[], terminal: Terminal): string[] {
  return [...textTable(tableOf(judged), terminal.width), '', summary(judged)];
}

export function markdownTargets(judged: readonly JudgedTarget[]): string[] {
  return [...markdownTable(tableOf(judged)), '', summary(judged)];
}

/** `12 met, 3 missed, 1 undecided`. */
export function summary(judged: readonly JudgedTarget[]): string {
  return VERDICTS.map((verdict) => `${judged.filter((each) => each.verdict === verdict).length} ${verdict}`).join(', ');
}

function tableOf(judged: readonly JudgedTarget[]): Table {
  return {
    columns: columnsOf(['target', 'package', 'case', 'against', 'metric'], ['at least', 'ours is']),
    rows: judged.map((each) => [
      each.verdict,
      each.package,
      each.case,
      each.peer,
      each.metric,
      `${formatNumber(each.atLeast)}×`,
      each.ratio === undefined ? (each.reason ?? '') : formatRatio(each.ratio),
    ]),
  };
}
