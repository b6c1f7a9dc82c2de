// The archive `.bel`: an old-style tar of data and a hash chain of events. Twin of tally/record.py; read strictly.

import { hexHash } from "./bytes.js";
import { Invalid, demand } from "./errors.js";
import { hexDigest, load, record, string, whole } from "./json.js";

const BLOCK = 512;
// type -> the types that may stand before it, and how many data items stand before its event. Spec: REC-4.
const GRAMMAR = {
  Setup: { after: [null], data: [4] },
  Ballot: { after: ["Setup", "Ballot"], data: [1] },
  EndBallots: { after: ["Setup", "Ballot"], data: [0] },
  EncryptedTally: { after: ["EndBallots"], data: [2] },
  PartialDecryption: { after: ["EncryptedTally", "PartialDecryption"], data: [2] },
  Result: { after: ["PartialDecryption"], data: [1] },
};

/**
 * Read an archive. Returns {timestamp, setup, ballots, encryptedTally, partials, result, heads, head, stage}; all data are
 * exact bytes, heads[type] is the hash of the last event of that type. Raises Invalid. Spec: REC-1 to REC-4.
 */
export function parseArchive(raw) {
  const members = readMembers(raw);
  demand(members.length > 0 && members[0].name === "BELENIOS", "archive", "BELENIOS");
  const log = {
    timestamp: readTimestamp(members[0]),
    setup: null,
    ballots: [],
    encryptedTally: null,
    partials: [],
    result: null,
    heads: {},
    head: null,
    last: null,
    height: 0,
  };
  for (const member of members) demand(member.mtime === log.timestamp, "archive", "headers");
  let pending = [];
  for (const member of members.slice(1)) {
    const named = /^([0-9a-f]{64})\.(data|event)\.json$/.exec(member.name);
    demand(named !== null, "archive", member.name.slice(0, 100));
    const hash = hexHash(member.content);
    demand(hash === named[1], "data_hash", member.name);
    if (named[2] === "data") {
      pending.push({ hash, content: member.content });
    } else {
      replay(log, member.content, hash, pending);
      pending = [];
    }
  }
  demand(pending.length === 0, "extra_data", "after the last event");
  log.stage = stage(log.last);
  return log;
}

function stage(last) {
  if (last === null) return "empty";
  if (last === "Setup" || last === "Ballot") return "open";
  if (last === "EndBallots") return "ended";
  if (last === "EncryptedTally") return "closed";
  return last === "Result" ? "tallied" : "decrypting";
}

function replay(log, content, hash, data) {
  const where = `event ${log.height}`;
  const fields = record(load(content, where, 1000), where, ["parent?", "height", "type", "payload?"]);
  const linked = fields.parent === undefined ? log.head === null : fields.parent === log.head;
  demand(linked && whole(fields.height, where) === log.height, "event_chain", where);
  const type = string(fields.type, where);
  const rule = Object.prototype.hasOwnProperty.call(GRAMMAR, type) ? GRAMMAR[type] : null;
  demand(rule !== null && rule.after.indexOf(log.last) >= 0, "event_order", `${where}, ${type.slice(0, 40)}`);
  demand(data.length >= rule.data[0], "missing_data", `${where}, ${type}`);
  demand(data.length <= rule.data[0], "extra_data", `${where}, ${type}`);
  const payload = data.length > 0 ? data[data.length - 1].hash : undefined;
  demand(fields.payload === payload, "missing_data", `${where}, payload`);
  take(log, type, data, where);
  log.last = type;
  log.head = hash;
  log.heads[type] = hash;
  log.height += 1;
}

function take(log, type, data, where) {
  if (type === "Setup") {
    const names = ["election", "trustees", "credentials"];
    const setup = record(load(data[3].content, where, 1000), where, names);
    names.forEach((name, i) => demand(setup[name] === data[i].hash, "missing_data", `${where}, ${name}`));
    log.setup = { election: data[0].content, trustees: data[1].content, credentials: data[2].content };
  } else if (type === "Ballot") {
    log.ballots.push(data[0].content);
  } else if (type === "EncryptedTally") {
    const sized = record(load(data[1].content, where, 1000), where, ["num_tallied", "total_weight", "encrypted_tally"]);
    demand(hexDigest(sized.encrypted_tally, where) === data[0].hash, "missing_data", where);
    const limit = 2 ** 30 - 1;
    log.encryptedTally = {
      raw: data[0].content,
      numTallied: whole(sized.num_tallied, where, 0, limit),
      totalWeight: whole(sized.total_weight, where, 0, limit),
    };
  } else if (type === "PartialDecryption") {
    const owned = record(load(data[1].content, where, 1000), where, ["owner", "payload"]);
    demand(hexDigest(owned.payload, where) === data[0].hash, "missing_data", where);
    log.partials.push({ owner: whole(owned.owner, where, 1), raw: data[0].content });
  } else if (type === "Result") {
    log.result = data[0].content;
  }
}

function readTimestamp(member) {
  const fields = record(load(member.content, "BELENIOS", 200), "BELENIOS", ["version", "timestamp"]);
  demand(fields.version === 1, "unsupported_version", "BELENIOS");
  const digits = string(fields.timestamp, "BELENIOS");
  demand(/^(0|[1-9][0-9]{0,9})$/.test(digits), "archive", "BELENIOS, timestamp");
  return Number(digits);
}

/** Walk over the tar; every byte of every header and of the padding must be what Belenios writes. Spec: REC-1. */
function readMembers(raw) {
  const members = [];
  let at = 0;
  while (at < raw.length) {
    const where = `byte ${at}`;
    demand(at + BLOCK <= raw.length, "archive", where);
    const header = raw.subarray(at, at + BLOCK);
    const name = cString(header, 0, 100);
    const size = octal(header, 124, where);
    const mtime = octal(header, 136, where);
    demand(name !== null && sameHeader(header, name, size, mtime), "archive", `${where}, header`);
    const start = at + BLOCK;
    const end = start + size;
    at = start + Math.ceil(size / BLOCK) * BLOCK;
    demand(at <= raw.length, "archive", `cut short in ${name}`);
    for (let i = end; i < at; i++) demand(raw[i] === 0, "archive", `${where}, padding`);
    members.push({ name, mtime, content: raw.subarray(start, end) });
  }
  return members;
}

function cString(header, from, length) {
  let out = "";
  for (let i = from; i < from + length && header[i] !== 0; i++) {
    if (header[i] < 33 || header[i] > 126) return null;
    out += String.fromCharCode(header[i]);
  }
  return out;
}

function octal(header, from, where) {
  const digits = cString(header, from, 12);
  if (digits === null || !/^[0-7]{11}$/.test(digits)) throw new Invalid("archive", `${where}, header`);
  return parseInt(digits, 8);
}

function sameHeader(header, name, size, mtime) {
  const made = new Uint8Array(BLOCK);
  const put = (offset, digits) => {
    for (let i = 0; i < digits.length; i++) made[offset + i] = digits.charCodeAt(i);
  };
  const padded = (value, length) => value.toString(8).padStart(length, "0");
  put(0, name);
  put(100, "0000644");
  put(108, "0000000");
  put(116, "0000000");
  put(124, padded(size, 11));
  put(136, padded(mtime, 11));
  put(148, "        ");
  put(156, "0");
  const sum = made.reduce((total, byte) => total + byte, 0);
  put(148, padded(sum, 6) + "\0 ");
  return made.every((byte, i) => byte === header[i]);
}

