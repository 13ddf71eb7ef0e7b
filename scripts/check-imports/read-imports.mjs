import { parseSync } from 'vite';

/**
 * Every module that a TypeScript or JavaScript file names: static and type-only imports, re-exports, `import()`,
 * `import('x').T` in types, `import x = require()`, `declare module`, `require('x')`, `require.resolve('x')`,
 * `createRequire(…)('x')` and `import.meta.resolve('x')`, each with literal text. Found in the syntax tree, so comments and
 * strings that only look like imports do not count.
 * @param {string} file its ending decides the language
 * @param {string} source
 * @returns {{ imports: { name: string, line: number }[], error?: { message: string, line: number } }}
 */
export function readImports(file, source) {
  const { program, errors } = parseSync(file, source, { sourceType: 'module' });
  if (errors.length > 0) {
    const offset = errors[0].labels?.[0]?.start ?? 0;
    return { imports: [], error: { message: errors[0].message, line: lineOf(source, offset) } };
  }
  const found = [];
  visit(program, (node) => {
    const name = literal(importedBy(node));
    if (name !== undefined) found.push({ name, line: lineOf(source, node.start) });
  });
  return { imports: found };
}

function importedBy(node) {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
    case 'ImportExpression':
    case 'TSImportType':
      return node.source ?? node.argument;
    case 'TSExternalModuleReference':
      return node.expression;
    case 'TSModuleDeclaration':
      return node.id;
    case 'CallExpression':
      return resolvesModules(node.callee) ? node.arguments[0] : undefined;
    default:
      return undefined;
  }
}

/** `require`, anything called like it, `createRequire(…)` itself, and the `resolve` of these and of `import.meta`. */
function resolvesModules(callee) {
  if (callee.type === 'Identifier') return /require/i.test(callee.name) && callee.name !== 'createRequire';
  if (callee.type === 'CallExpression') return calledName(callee.callee) === 'createRequire';
  if (callee.type !== 'MemberExpression' || callee.property.name !== 'resolve') return false;
  return callee.object.type === 'MetaProperty' || resolvesModules(callee.object);
}

function calledName(callee) {
  return callee.type === 'MemberExpression' ? callee.property.name : callee.name;
}

function literal(node) {
  if (node?.type === 'TSLiteralType') return literal(node.literal);
  if (node?.type === 'Literal' && typeof node.value === 'string') return node.value;
  if (node?.type === 'TemplateLiteral' && node.expressions.length === 0) return node.quasis[0].value.cooked;
  return undefined;
}

function visit(node, see) {
  if (Array.isArray(node)) {
    for (const item of node) visit(item, see);
  } else if (node !== null && typeof node === 'object') {
    if (typeof node.type === 'string') see(node);
    for (const child of Object.values(node)) if (child !== null && typeof child === 'object') visit(child, see);
  }
}

function lineOf(source, offset) {
  let line = 1;
  for (let at = source.indexOf('\n'); at !== -1 && at < offset; at = source.indexOf('\n', at + 1)) line += 1;
  return line;
}
