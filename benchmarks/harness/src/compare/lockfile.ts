/** Nested maps of text: all that pnpm's lockfile consists of. */
type Entries = { readonly [key: string]: Entries | string };

const DEPENDENCIES = ['dependencies', 'devDependencies', 'optionalDependencies'] as const;

/**
 * What the lockfile resolves for some workspace folders: their own entries and everything these depend on, as text that is equal when
 * what is installed is equal. The whole file when it is not in the format of pnpm 9 and later.
 */
export function lockEntries(lockfile: string, folders: readonly string[]): string {
  const lock = parseMaps(lockfile);
  if (lock['lockfileVersion'] !== '9.0') return lockfile;
  const importers = mapOf(lock['importers']);
  const packages = mapOf(lock['packages']);
  const snapshots = mapOf(lock['snapshots']);
  const reached = new Map<string, string>();
  const own: unknown[] = [];
  const visit = (name: string, version: string): void => {
    // `link:` is another workspace folder, which is asked for by itself.
    if (version.startsWith('link:')) return;
    const key = version.includes('@') && version in snapshots ? version : `${name}@${version}`;
    if (reached.has(key)) return;
    const snapshot = mapOf(snapshots[key]);
    const entry = packages[key.replace(/\(.*$/s, '')];
    reached.set(key, JSON.stringify([entry, snapshot]));
    for (const kind of DEPENDENCIES) {
      for (const [dependency, at] of Object.entries(mapOf(snapshot[kind]))) visit(dependency, String(at));
    }
  };
  for (const folder of [...folders].sort()) {
    const importer = importers[folder];
    own.push([folder, importer]);
    for (const kind of DEPENDENCIES) {
      for (const [name, entry] of Object.entries(mapOf(mapOf(importer)[kind]))) {
        visit(name, String(mapOf(entry)['version'] ?? ''));
      }
    }
  }
  return JSON.stringify([
    own,
    [...reached].sort(([a], [b]) => (a < b ? -1 : 1)),
    lock['overrides'],
    lock['patchedDependencies'],
  ]);
}

/** YAML as pnpm writes it: maps by indentation of two; flow values and lists stay text. */
function parseMaps(text: string): Entries {
  const root: Record<string, Entries | string> = {};
  const open: { readonly indent: number; readonly map: Record<string, Entries | string> }[] = [
    { indent: -1, map: root },
  ];
  let last = '';
  for (const line of text.split(/\r?\n/)) {
    const found = /^( *)('(?:[^']|'')*'|[^\s'][^:]*(?::[^\s:][^:]*)*):(?: (.*))?$/.exec(line);
    if (found === null) {
      if (line.trim() === '' || line.startsWith('#')) continue;
      // A list: kept as text under the key that it belongs to.
      const { map } = open.at(-1)!;
      map[`${last}-`] = `${typeof map[`${last}-`] === 'string' ? map[`${last}-`] : ''}${line.trim()}\n`;
      continue;
    }
    const indent = found[1]!.length;
    while (open.at(-1)!.indent >= indent) open.pop();
    const key = unquoted(found[2]!);
    const parent = open.at(-1)!.map;
    last = key;
    if (found[3] === undefined || found[3] === '') {
      const map: Record<string, Entries | string> = {};
      parent[key] = map;
      open.push({ indent, map });
    } else {
      parent[key] = unquoted(found[3]);
    }
  }
  return root;
}

function unquoted(text: string): string {
  return text.startsWith("'") && text.endsWith("'") && text.length > 1 ? text.slice(1, -1).replaceAll("''", "'") : text;
}

function mapOf(entry: Entries | string | undefined): Entries {
  return typeof entry === 'object' ? entry : {};
}
