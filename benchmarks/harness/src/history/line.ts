import type { Environment } from '../environment.ts';

/** Grows when a reader of older lines would misread newer ones. Lines of another schema are skipped, counted and named. */
export const LINE_SCHEMA = 1;

/** What a figure depends on beside the code. Where any of it differs, figures are not put on one line. */
export interface Fingerprint {
  readonly cpu: string;
  readonly cores: number;
  readonly platform: string;
  readonly arch: string;
  /** Major and minor. */
  readonly kernel: string;
  readonly node: string;
  readonly v8: string;
  /** NODE_OPTIONS. */
  readonly flags: string;
  /** Name and version of the runner's image; empty outside of hosted runners. */
  readonly image: string;
}

/** One line of `<package>.jsonl`: a package measured at a commit. */
export interface HistoryLine {
  readonly schema: typeof LINE_SCHEMA;
  readonly package: string;
  /** Empty where it is not known. */
  readonly commit: string;
  /** Of a comparison: what the ratios are against. */
  readonly base?: string;
  /** ISO 8601. */
  readonly date: string;
  readonly fingerprint: Fingerprint;
  readonly cases: readonly HistoryCase[];
}

export interface HistoryCase {
  readonly name: string;
  /** One median per launch, in nanoseconds per run. */
  readonly launchNs?: readonly number[];
  /** One number per launch of a comparison: the median of its blocks' ln(head / base). */
  readonly launchLogRatios?: readonly number[];
  /** Summaries by name, unit in the name: `cpuNs`, `maxRssBytes`, `allocatedBytes`, `instructions`, … */
  readonly metrics: Readonly<Record<string, number>>;
}

/** Parameters: the environment of the run, and the variables of the process that records it, on the same machine. */
export function fingerprintOf(machine: Environment, variables: NodeJS.ProcessEnv): Fingerprint {
  const { cpu, cores, platform, arch, kernel, node, v8 } = machine;
  const image = [variables['ImageOS'], variables['ImageVersion']].filter((part) => part !== undefined).join(' ');
  return { cpu, cores, platform, arch, kernel, node, v8, flags: variables['NODE_OPTIONS'] ?? '', image };
}

/** What two lines are compared by: the same text, the same machine. The order of the properties does not matter. */
export function fingerprintKey(fingerprint: Fingerprint): string {
  return JSON.stringify(Object.entries(fingerprint).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Undefined for what is not a line of this schema, whole and well-formed. */
export function parseLine(text: string): HistoryLine | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  return isLine(value) ? value : undefined;
}

function isLine(value: unknown): value is HistoryLine {
  const line = value as Partial<Record<keyof HistoryLine, unknown>> | null;
  return (
    isObject(line) &&
    line.schema === LINE_SCHEMA &&
    typeof line.package === 'string' &&
    typeof line.commit === 'string' &&
    (line.base === undefined || typeof line.base === 'string') &&
    typeof line.date === 'string' &&
    !Number.isNaN(Date.parse(line.date)) &&
    isObject(line.fingerprint) &&
    Array.isArray(line.cases) &&
    line.cases.every(isCase)
  );
}

function isCase(value: unknown): value is HistoryCase {
  const each = value as Partial<Record<keyof HistoryCase, unknown>> | null;
  return (
    isObject(each) &&
    typeof each.name === 'string' &&
    (each.launchNs === undefined || (isNumbers(each.launchNs) && each.launchNs.every((ns) => ns > 0))) &&
    (each.launchLogRatios === undefined || isNumbers(each.launchLogRatios)) &&
    isObject(each.metrics) &&
    isNumbers(Object.values(each.metrics))
  );
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((x) => Number.isFinite(x));
}
