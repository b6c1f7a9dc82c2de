// The browser's modules are served as they are, so they must parse in every engine that has BigInt.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";

import { ROOT } from "./support.mjs";

const STATIC = join(ROOT, "voting", "static");
const scripts = (folder) => readdirSync(join(STATIC, folder)).filter((f) => f.endsWith(".js")).map((f) => join(STATIC, folder, f));

const check = (paths) => JSON.parse(execFileSync(
  process.execPath, ["--expose-internals", join(ROOT, "tests", "js", "floor.cjs"), ...paths], { encoding: "utf8" }));

// What a phone loads stays on the floor; so do the protocol modules that a trustee loads.
for (const folder of ["js/protocol", "js/booth", "vendor"]) {
  test(`${folder} needs nothing later than Chrome 67 and Safari 14`, () => {
    const report = check(scripts(folder));
    assert.ok(Object.keys(report).length >= 2);
    // import.meta is as old as modules' dynamic import (Chrome 64, Safari 11.1): only pages and their workers need it.
    const allowed = folder === "js/booth" ? ["import.meta"] : [];
    for (const [path, problems] of Object.entries(report)) {
      assert.deepEqual(problems.filter((problem) => !allowed.includes(problem)), [], path);
    }
  });
}

test("ballots, records and key files work where everything later than the floor is missing", () => {
  const out = execFileSync(process.execPath, [join(ROOT, "tests", "js", "old-engine.mjs")], { encoding: "utf8" });
  assert.deepEqual(JSON.parse(out), { ballot: true, record: "closed", share: true, key: "5" });
});

test("the check notices what is later than the floor", () => {
  const folder = mkdtempSync(join(tmpdir(), "floor-"));
  const samples = {
    "a?.b": "optional chaining", "a ?? b": "nullish coalescing", "class A { #x = 1 }": null, "class A { x = 1 }": null,
    "a ||= b": null, "[1].at(-1)": ".at", "globalThis.x": "globalThis", "await 1": null, "Object.hasOwn(a)": ".hasOwn",
    "try { a() } catch { b() }": "catch without a name", "crypto.subtle": ".subtle", "1_000": null,
  };
  try {
    Object.keys(samples).forEach((source, i) => writeFileSync(join(folder, `${i}.js`), source));
    const report = check(Object.keys(samples).map((_, i) => join(folder, `${i}.js`)));
    Object.entries(samples).forEach(([source, problem], i) => {
      const found = report[join(folder, `${i}.js`)];
      assert.ok(found.length > 0, source);
      if (problem !== null) assert.ok(found.includes(problem), `${source}: ${found}`);
    });
    writeFileSync(join(folder, "good.js"), "export const x = 5n; export const f = async ({ a, ...b }) => ({ ...b, a });");
    assert.deepEqual(check([join(folder, "good.js")]), { [join(folder, "good.js")]: [] });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("the protocol modules use no randomness but crypto.getRandomValues, and neither DOM nor network nor clock", () => {
  const banned = /\b(Math\.random|crypto\.subtle|document|window|fetch|XMLHttpRequest|localStorage|sessionStorage|Date|setTimeout)\b/;
  for (const path of scripts("js/protocol")) {
    const code = readFileSync(path, "utf8").replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
    assert.doesNotMatch(code, banned, path);
    const uses = code.match(/crypto\.\w+/g) || [];
    assert.deepEqual(uses.filter((use) => use !== "crypto.getRandomValues"), [], path);
  }
});

/** Every module that a page loads when it imports these. */
function closure(entries) {
  const seen = new Set();
  const visit = (path) => {
    if (seen.has(path)) return;
    seen.add(path);
    for (const [, target] of readFileSync(path, "utf8").matchAll(/from "(\.[^"]+)"/g)) visit(join(path, "..", target));
  };
  entries.forEach((name) => visit(join(STATIC, "js/protocol", name)));
  return [...seen];
}

test("a phone loads the booth's bundle only, and the protocol's share of its 120 KB is small", () => {
  const loaded = closure(["ballot.js", "credential.js", "election.js", "receipt.js"]);
  assert.ok(!loaded.some((path) => path.endsWith("noble-trustee.js")));
  const gzipped = loaded.reduce((sum, path) => sum + gzipSync(readFileSync(path)).length, 0);
  assert.ok(gzipped < 40 * 1024, `${gzipped} bytes`);
});

test("the vendored files are those whose hashes stand in VENDORED.md", async () => {
  const { createHash } = await import("node:crypto");
  const listed = readFileSync(join(STATIC, "vendor", "VENDORED.md"), "utf8");
  for (const name of ["noble-booth.js", "noble-trustee.js", "qr-decoder.js"]) {
    const hash = createHash("sha256").update(readFileSync(join(STATIC, "vendor", name))).digest("hex");
    assert.match(listed, new RegExp(`\\| \`${name}\` \\|.*\`${hash}\``));
  }
});
