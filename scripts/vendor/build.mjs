// Builds voting/static/vendor/*.js from the packages pinned in package-lock.json.
//   node scripts/vendor/build.mjs          writes the bundles and VENDORED.md
//   node scripts/vendor/build.mjs --check  rebuilds in memory and fails if a committed byte differs
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "..", "..");
const out = join(root, "voting", "static", "vendor");
const pinned = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).devDependencies;
const installed = (name) => JSON.parse(readFileSync(join(root, "node_modules", name, "package.json"), "utf8")).version;

const BUNDLES = {
  "noble-booth.js": ["@noble/curves", "@noble/hashes"],
  "noble-trustee.js": ["@noble/hashes", "@noble/ciphers"],
  "qr-decoder.js": ["jsqr"],
};
const OWNERS = { jsqr: "Apache-2.0, (c) Cosmo Wolfe, github.com/cozmo/jsQR" };

for (const name of Object.keys(pinned)) {
  if (installed(name) !== pinned[name]) throw new Error(`${name}: installed ${installed(name)}, pinned ${pinned[name]}`);
}

const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");
const files = {};
for (const [file, packages] of Object.entries(BUNDLES)) {
  const banner = `/* Built by scripts/vendor/build.mjs from ${packages.map((p) => `${p} ${pinned[p]}`).join(", ")}. ${OWNERS[packages[0]] || "MIT, (c) Paul Miller, paulmillr.com/noble"}. Do not edit. */`;
  const result = await build({
    entryPoints: [join(here, file)],
    absWorkingDir: root,
    bundle: true,
    write: false,
    format: "esm",
    // The floor is BigInt: Chrome 67 and Safari 14. Newer syntax (class fields, ?., ??) is lowered.
    target: "es2018",
    supported: { bigint: true },
    minify: true,
    charset: "ascii",
    legalComments: "none",
    define: { globalThis: "root", "Object.hasOwn": "hasOwn" },
    inject: [join(here, "root.js")],
    banner: { js: banner },
    logLevel: "warning",
  });
  files[file] = Buffer.from(result.outputFiles[0].contents);
}

const rows = Object.entries(files).map(([file, bytes]) => {
  const from = BUNDLES[file].map((p) => `${p} ${pinned[p]}`).join(", ");
  return `| \`${file}\` | ${from} | ${bytes.length} | ${gzipSync(bytes, { level: 9 }).length} | \`${sha256(bytes)}\` |`;
});
const licences = ["@noble/curves", "@noble/hashes", "@noble/ciphers", "jsqr"].map((name) => {
  const text = readFileSync(join(root, "node_modules", name, "LICENSE"), "utf8").trim();
  return `### ${name}\n\n\`\`\`\n${text}\n\`\`\``;
});
const vendored = `# What is vendored here

\`make vendor\` rebuilds these files from the packages pinned in \`package-lock.json\` (esbuild ${pinned.esbuild});
\`make vendor-check\` rebuilds them in memory and fails if one byte differs. Do not edit them by hand.
The booth loads \`noble-booth.js\` only; a trustee's page loads both of noble's; \`qr-decoder.js\` is loaded by a kiosk whose browser reads no codes itself, and only for a photo.

| file | from | bytes | gzipped | sha256 |
|---|---|---|---|---|
${rows.join("\n")}

## Licences

${licences.join("\n\n")}
`;
files["VENDORED.md"] = Buffer.from(vendored);

if (process.argv.includes("--check")) {
  let differing = 0;
  for (const [file, bytes] of Object.entries(files)) {
    let committed = null;
    try {
      committed = readFileSync(join(out, file));
    } catch (error) {
      if (error.code !== "ENOENT") throw error;
    }
    if (committed === null || !committed.equals(bytes)) {
      differing += 1;
      console.error(`${file}: differs from what the pinned packages give (${sha256(bytes)})`);
    }
  }
  if (differing) process.exit(1);
  console.log("vendored files are what the pinned packages give");
} else {
  mkdirSync(out, { recursive: true });
  for (const [file, bytes] of Object.entries(files)) {
    writeFileSync(join(out, file), bytes);
    console.log(`${file}: ${bytes.length} bytes`);
  }
}
