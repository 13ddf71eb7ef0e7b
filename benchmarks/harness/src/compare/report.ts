import type { Terminal } from '../terminal.ts';
import { markdownRulers, textRulerTable } from '../report/ruler-table.ts';
import { markdownTable, textTable, type Table } from '../table.ts';
import type { CaseVerdict } from '../verdict/evidence.ts';
import type { Comparison } from './compare.ts';
import { count, footer, generalNotes, notes } from './report-notes.ts';
import { changeText, grew, isChanged, rulerRows, scaleOf, sortedRows, tableOf, type Row } from './report-rows.ts';

/** A comment on a pull request may be 65,536 characters long; the rest is for what a workflow adds. */
export const MARKDOWN_LIMIT = 60_000;

/** One sentence: what a reader must know when there is time for one. */
export function verdictSentence({ verdict, base, evidence }: Comparison): string {
  const against = `against ${base}`;
  const counted = evidence
    .filter((each) => grew({ evidence: each }))
    .map(({ package: folder, case: name, instructions }) => `${folder} "${name}" (${changeText(instructions!.ratio)})`);
  const more =
    counted.length === 0 ? '' : `instructions of ${count(counted.length, 'case')} grew: ${firstFew(counted)}`;
  // A busy machine does not change instructions, so they are named although nothing else is.
  if (verdict.invalid.length > 0) {
    return `Invalid ${against}: ${verdict.invalid.join('; ')}${more === '' ? '' : `; ${more}`}.`;
  }
  const of = (kind: CaseVerdict['verdict']): CaseVerdict[] => verdict.cases.filter((each) => each.verdict === kind);
  const [regressed, invalid, improved, open] = [of('regressed'), of('invalid'), of('improved'), of('inconclusive')];
  const parts = [
    regressed.length === 0 ? '' : `${count(regressed.length, 'case')} regressed: ${names(regressed)}`,
    more,
    invalid.length === 0 ? '' : `${count(invalid.length, 'case')} invalid: ${names(invalid)}`,
    improved.length === 0 ? '' : `${count(improved.length, 'case')} improved: ${names(improved)}`,
    open.length === 0 ? '' : `${count(open.length, 'case')} inconclusive`,
  ].filter((part) => part !== '');
  if (parts.length > 0) {
    const sentence = parts.join('; ');
    return `${sentence[0]!.toUpperCase()}${sentence.slice(1)} (${against}).`;
  }
  if (verdict.cases.length === 0) return `Nothing to compare ${against}.`;
  if (verdict.cases.every((each) => each.verdict === 'identical')) {
    return `Nothing changed ${against}.`;
  }
  const same = of('same').length;
  const alone = (['new', 'removed'] as const).flatMap((kind) =>
    of(kind).length === 0 ? [] : [`${of(kind).length} ${kind}`],
  );
  if (same === 0) return `Nothing to compare ${against}: ${alone.join(', ')}.`;
  return `No change of speed found ${against}: ${[`${count(same, 'case')} compared`, ...alone].join(', ')}.`;
}

export function textComparison(comparison: Comparison, terminal: Terminal): string[] {
  const rows = sortedRows(comparison);
  const strong = comparison.verdict.exitCode === 0 ? 'bold' : 'red';
  const scale = scaleOf(rows);
  const table = (): string[] =>
    scale === undefined
      ? textTable(tableOf(rows), terminal.width)
      : textRulerTable(tableOf(rows), rulerRows(rows), scale, terminal.width);
  return [
    terminal.style(strong, verdictSentence(comparison)),
    ...comparison.warnings.map((warning) => terminal.style('yellow', `WARNING ${warning}`)),
    '',
    ...(rows.length === 0 ? [] : [...table(), '']),
    ...notes(rows),
    ...generalNotes(comparison),
    ...footer(comparison).map((line) => terminal.style('dim', line)),
  ];
}

/** The verdict, what changed, and the rest folded. Rulers go first where it would be longer than a comment, then rows. */
export function markdownComparison(comparison: Comparison): string {
  const rows = sortedRows(comparison);
  const scale = scaleOf(rows);
  const [changed, rest] = [rows.filter(isChanged), rows.filter((row) => !isChanged(row))];
  const bullets = (lines: readonly string[]): string[] =>
    lines.length === 0 ? [] : ['', ...lines.map((line) => `- ${escapeMarkdown(line)}`)];
  const text = (shown: readonly Row[], rulers: boolean): string => {
    const table = (of: readonly Row[]): string[] => {
      const plain: Table = tableOf(of);
      return markdownTable(rulers && scale !== undefined ? markdownRulers(plain, rulerRows(of), scale) : plain);
    };
    const left = rest.length - shown.length;
    const details = [
      '',
      `<details><summary>${count(rest.length, changed.length === 0 ? 'row' : 'other row')}</summary>`,
      '',
      ...table(shown),
      ...bullets(notes(shown)),
      ...(left === 0
        ? []
        : ['', `${count(left, 'more row')} left out: a comment has room for ${MARKDOWN_LIMIT / 1e3} kB.`]),
      '',
      '</details>',
    ];
    return [
      `**${escapeMarkdown(verdictSentence(comparison))}**`,
      ...comparison.warnings.flatMap((warning) => ['', `Warning: ${warning}.`]),
      ...(changed.length === 0 ? [] : ['', ...table(changed)]),
      ...bullets([...notes(changed), ...generalNotes(comparison)]),
      ...(rest.length === 0 ? [] : details),
      '',
      footer(comparison).join('  \n'),
      '',
    ].join('\n');
  };
  const isTooLong = (whole: string): boolean => Buffer.byteLength(whole) > MARKDOWN_LIMIT;
  const rulers = !isTooLong(text(rest, true));
  let shown = rest;
  while (shown.length > 0 && isTooLong(text(shown, rulers))) shown = shown.slice(0, Math.floor(shown.length * 0.8));
  return clipped(text(shown, rulers));
}

/** Only rows that changed can still be too many: their ends are cut off, never the verdict. */
function clipped(text: string): string {
  if (Buffer.byteLength(text) <= MARKDOWN_LIMIT) return text;
  const ending = '\n\n(cut off: a comment has room for no more)\n';
  const lines = text.split('\n');
  while (Buffer.byteLength(lines.join('\n')) + ending.length > MARKDOWN_LIMIT)
    lines.splice(Math.floor(lines.length * 0.95));
  return lines.join('\n') + ending;
}

function names(verdicts: readonly Pick<CaseVerdict, 'package' | 'case'>[]): string {
  return firstFew(verdicts.map((each) => `${each.package} "${each.case}"`));
}

/** A sentence must stay one. */
function firstFew(all: readonly string[]): string {
  const shown = all.slice(0, 5);
  const left = all.length - shown.length;
  return left === 0 ? shown.join(', ') : `${shown.join(', ')} and ${left} more`;
}

function escapeMarkdown(text: string): string {
  return text.replaceAll(/[\\`*_<>[\]|]/g, '\\$&');
}
