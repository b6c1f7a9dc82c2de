// Takes away from this engine what came after Chrome 67 and Safari 14, then uses every part of the protocol code.
import { folder, readJson } from "./support.mjs";

const secrets = readJson("tests", "vectors", "record", "secrets.json");
const files = folder("tests", "vectors", "record", "closed");
const stdout = process.stdout;

const LATER = [
  [Object, "hasOwn", "fromEntries", "groupBy"],
  [Array.prototype, "at", "flat", "flatMap", "findLast", "findLastIndex", "toSorted", "toReversed", "toSpliced", "with"],
  [String.prototype, "at", "matchAll", "replaceAll", "trimStart", "trimEnd", "isWellFormed", "toWellFormed"],
  [Promise, "allSettled", "any", "withResolvers", "try"],
  [DataView.prototype, "setBigUint64", "getBigUint64", "setBigInt64", "getBigInt64"],
  [Uint8Array, "fromHex", "fromBase64"],
  [Uint8Array.prototype, "toHex", "toBase64", "setFromHex", "setFromBase64"],
  [Object.getPrototypeOf(Uint8Array.prototype), "at", "findLast", "toReversed", "toSorted", "with"],
  [Error, "captureStackTrace"],
  [globalThis, "structuredClone", "queueMicrotask", "BigUint64Array", "BigInt64Array", "WeakRef", "FinalizationRegistry", "scheduler"],
];
for (const [holder, ...names] of LATER) for (const name of names) delete holder[name];
Object.defineProperty(globalThis, "crypto", {
  value: { getRandomValues: globalThis.crypto.getRandomValues.bind(globalThis.crypto) },
});

const at = "../../voting/static/js/protocol/";
const { credentialKeys, newCredential } = await import(at + "credential.js");
const { checkBallot, makeBallot } = await import(at + "ballot.js");
const { verifyRecord } = await import(at + "verify.js");
const { makeShare, parseShare, verifyShare } = await import(at + "shares.js");
const { openKey, sealKey } = await import(at + "keyfile.js");

const facts = verifyRecord(files);
const keys = credentialKeys(facts.election.uuid, newCredential());
const made = makeBallot(facts.election, keys, [[1, 0, 0, 0], [0, 0, 0, 0], [1, 0]]);
const ballot = checkBallot(made.raw, facts.election).tracker === made.tracker;
const share = makeShare(facts, 1, BigInt(secrets.trustees[0].secret));
verifyShare(facts, facts.trustees[0], parseShare(share));
const sealed = await sealKey({ uuid: "u", name: "n", role: "r", secret: BigInt(5), journal: [] }, "123456789012");
const key = String((await openKey(sealed, "123456789012")).secret);
stdout.write(JSON.stringify({ ballot, record: facts.stage, share: true, key }));
