// The trustee's key file: the private key and its journal, sealed under a passphrase. Twin of keys/keyfile.py.
//
// Argon2id (RFC 9106) makes a key of the passphrase; XChaCha20-Poly1305 seals the contents, bound to the poll and the
// public key that stand outside. The journal lists what the key has decrypted, so that it never answers twice for a poll.

import { argon2idAsync, xchacha20poly1305 } from "../../vendor/noble-trustee.js";
import { b64, hasLoneSurrogate, platformRandom, unb64, utf8 } from "./bytes.js";
import { Invalid, demand } from "./errors.js";
import { base, parsePoint, parseScalar, text } from "./group.js";
import { decode, dump } from "./json.js";

const OPS = 3;
const MEM_KIB = 65536;
const MAX_OPS = 16;
const MAX_MEM_KIB = 1 << 20;
const MIN_PASSPHRASE = 12;
const MAX_BYTES = 1 << 16;
const FIELDS = ["mipiao-key", "uuid", "name", "role", "public_key", "kdf", "nonce", "sealed"];

/**
 * Seal {uuid, name, role, secret, journal} under a passphrase of at least 12 characters; returns the file's bytes.
 * progress(0..1) is called while the passphrase is worked on. Raises Invalid("passphrase"). Spec: KEYFILE-1.
 */
export async function sealKey(opened, passphrase, progress, rng) {
  demand(Array.from(passphrase.normalize("NFC")).length >= MIN_PASSPHRASE, "passphrase", "short");
  const random = rng || platformRandom;
  const salt = random(16);
  const nonce = random(24);
  const publicKey = text(base(opened.secret));
  const contents = {
    x: String(opened.secret),
    journal: opened.journal.map((entry) => ({ uuid: entry.uuid, phi: entry.phi, sigma: entry.sigma })),
  };
  const key = await derive(passphrase, salt, OPS, MEM_KIB, progress);
  const sealed = xchacha20poly1305(key, nonce, bound(opened.uuid, publicKey)).encrypt(dump(contents));
  const header = {
    "mipiao-key": 1,
    uuid: opened.uuid,
    name: opened.name,
    role: opened.role,
    public_key: publicKey,
    kdf: { name: "argon2id", ops: OPS, mem_kib: MEM_KIB, salt: b64(salt) },
    nonce: b64(nonce),
    sealed: b64(sealed),
  };
  const line = dump(header);
  const file = new Uint8Array(line.length + 1);
  file.set(line);
  file[line.length] = 10;
  return file;
}

/** What stands outside the seal, for a page that must say whose file this is. Raises Invalid("key_file"). Spec: KEYFILE-2. */
export function readHeader(raw) {
  const header = object(raw, FIELDS);
  demand(header["mipiao-key"] === 1, "key_file", "mipiao-key");
  for (const field of ["uuid", "name", "role", "public_key", "nonce", "sealed"]) texts(header, field);
  const kdf = header.kdf;
  demand(hasFields(kdf, ["name", "ops", "mem_kib", "salt"]) && kdf.name === "argon2id", "key_file", "kdf");
  // A stranger's file must not make this machine work for hours or fill its memory.
  const sound = Number.isInteger(kdf.ops) && kdf.ops >= 1 && kdf.ops <= MAX_OPS &&
    Number.isInteger(kdf.mem_kib) && kdf.mem_kib >= 8 && kdf.mem_kib <= MAX_MEM_KIB;
  demand(sound, "key_file", "kdf");
  return header;
}

/**
 * Open a key file and check that its private key belongs to its public key. Returns {uuid, name, role, publicKey, secret,
 * journal}. Raises Invalid("key_file") for anything that is not such a file and Invalid("passphrase") when the passphrase,
 * or a single byte of the file, is wrong. Spec: KEYFILE-2.
 */
export async function openKey(raw, passphrase, progress) {
  const header = readHeader(raw);
  const point = inFile(() => parsePoint(header.public_key, "public_key"), "public_key");
  const salt = inFile(() => unb64(header.kdf.salt, "salt", 16), "salt");
  const nonce = inFile(() => unb64(header.nonce, "nonce", 24), "nonce");
  const sealed = inFile(() => unb64(header.sealed, "sealed"), "sealed");
  demand(sealed.length >= 16, "key_file", "sealed");
  const key = await derive(passphrase, salt, header.kdf.ops, header.kdf.mem_kib, progress);
  let plain;
  try {
    plain = xchacha20poly1305(key, nonce, bound(header.uuid, header.public_key)).decrypt(sealed);
  } catch (error) {
    throw new Invalid("passphrase", "");
  }
  const contents = object(plain, ["x", "journal"]);
  const secret = inFile(() => parseScalar(contents.x, "x"), "x");
  demand(base(secret).equals(point), "key_file", "public_key");
  return {
    uuid: header.uuid,
    name: header.name,
    role: header.role,
    publicKey: point,
    secret,
    journal: readJournal(contents.journal),
  };
}

/**
 * The opened file with this decryption {uuid, phi, sigma} in its journal. Raises Invalid("second_head") when the poll was
 * decrypted before under another election or closing statement, Invalid("key_file") when the key is another poll's.
 * Spec: KEYFILE-3.
 */
export function answering(opened, entry) {
  demand(entry.uuid === opened.uuid, "key_file", "uuid");
  const same = (old) => old.uuid === entry.uuid && old.phi === entry.phi && old.sigma === entry.sigma;
  demand(opened.journal.every((old) => old.uuid !== entry.uuid || same(old)), "second_head", entry.uuid);
  if (opened.journal.some(same)) return opened;
  return Object.assign({}, opened, { journal: opened.journal.concat([entry]) });
}

function readJournal(found) {
  demand(Array.isArray(found), "key_file", "journal");
  return found.map((entry) => {
    demand(hasFields(entry, ["uuid", "phi", "sigma"]), "key_file", "journal");
    return { uuid: texts(entry, "uuid"), phi: texts(entry, "phi"), sigma: texts(entry, "sigma") };
  });
}

async function derive(passphrase, salt, ops, memKib, progress) {
  const normal = passphrase.normalize("NFC");
  demand(!hasLoneSurrogate(normal), "passphrase", "");
  const options = { t: ops, m: memKib, p: 1, dkLen: 32, maxmem: 2 ** 31, asyncTick: 50 };
  if (progress) options.onProgress = progress;
  return argon2idAsync(utf8(normal), salt, options);
}

const bound = (uuid, publicKey) => utf8(`mipiao-key|1|${uuid}|${publicKey}`);

function object(raw, fields) {
  const found = inFile(() => decode(raw, "key file", MAX_BYTES).value, "json");
  demand(hasFields(found, fields), "key_file", "fields");
  return found;
}

function hasFields(value, fields) {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return false;
  const found = Object.keys(value);
  return found.length === fields.length && fields.every((field) => found.indexOf(field) >= 0);
}

function texts(value, field) {
  const found = value[field];
  demand(typeof found === "string" && !hasLoneSurrogate(found), "key_file", field);
  return found;
}

/** Whatever is malformed inside the file is a malformed key file. */
function inFile(take, where) {
  try {
    return take();
  } catch (error) {
    if (error instanceof Invalid) throw new Invalid("key_file", where);
    throw error;
  }
}
