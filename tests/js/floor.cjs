// Parses files with the parser that Node itself carries and lists what engines at the floor (Chrome 67, Safari 14:
// the first with BigInt) do not have. Run with --expose-internals; prints JSON {file: [problem, …]}.
const { readFileSync } = require("node:fs");
const acorn = require("internal/deps/acorn/acorn/dist/acorn");
const { full } = require("internal/deps/acorn/acorn-walk/dist/walk");

// Methods and globals that came later than the floor.
const LATER = new Set([
  "at", "flat", "flatMap", "fromEntries", "hasOwn", "matchAll", "replaceAll", "trimStart", "trimEnd", "allSettled", "any",
  "findLast", "findLastIndex", "toSorted", "toReversed", "toSpliced", "groupBy", "structuredClone", "globalThis",
  "queueMicrotask", "randomUUID", "withResolvers", "subtle",
]);

function problems(path) {
  const found = [];
  // 2020 is ES2018 and BigInt, and what must be looked for by hand below; anything later does not parse.
  const tree = acorn.parse(readFileSync(path, "utf8"), { ecmaVersion: 2020, sourceType: "module" });
  full(tree, (node) => {
    if (node.type === "ChainExpression") found.push("optional chaining");
    if (node.type === "LogicalExpression" && node.operator === "??") found.push("nullish coalescing");
    if (node.type === "MetaProperty" && node.meta.name === "import") found.push("import.meta");
    if (node.type === "ExportAllDeclaration" && node.exported) found.push("export * as");
    if (node.type === "CatchClause" && !node.param) found.push("catch without a name");
    if (node.type === "MemberExpression" && !node.computed && LATER.has(node.property.name)) found.push(`.${node.property.name}`);
    if (node.type === "Identifier" && ["globalThis", "structuredClone", "queueMicrotask"].includes(node.name)) found.push(node.name);
    if (node.type === "BinaryExpression" && node.operator === "**" && node.left.bigint) found.push("BigInt power");
  });
  return found;
}

const report = {};
for (const path of process.argv.slice(2)) {
  try {
    report[path] = problems(path);
  } catch (error) {
    report[path] = [error.message];
  }
}
console.log(JSON.stringify(report));
