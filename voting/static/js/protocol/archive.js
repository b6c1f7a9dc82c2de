// The archive `.bel`: an old-style tar of data and a hash chain of events. Twin of tally/record.py; read strictly.

import { hexHash } from "./bytes.js";
import { Invalid, demand } from "./errors.js";
import { read, record, string, weight, whole } from "./json.js";

const BLOCK = 512;
const EVENT_BYTES = 1000;
// type -> the types that may stand before it, and how many data items stand before its event. Spec: REC-4.
const GRAMMAR = {
  Setup: { after: [null], data: [4] },
  Ballot: { after: ["Setup", "Ballot"], data: [1] },
  EndBallots: { after: ["Setup", "Ballot"], data: [0] },
  EncryptedTally: { after: ["EndBallots"], data: [2] },
  PartialDecryption: { after: ["EncryptedTally", "PartialDecryption"], data: [2] },
  Result: { after: ["PartialDecryption"], data: [1] },
};
// Fields that hold the hash of a datum: at which place it stands before its event.
const NAMED = { election: 0, trustees: 1, credentials: 2, encrypted_tally: 0, payload: 0 };

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
  const { parent, height, type, payload } = read(content, where, (value) => takeEvent(value, where), EVENT_BYTES);
  const linked = parent === undefined ? log.head === null : parent === log.head;
  demand(linked && height === log.height, "event_chain", where);
  const rule = Object.prototype.hasOwnProperty.call(GRAMMAR, type) ? GRAMMAR[type] : null;
  demand(rule !== null && rule.after.indexOf(log.last) >= 0, "event_order", `${where}, ${type.slice(0, 40)}`);
  demand(data.length >= rule.data[0], "missing_data", `${where}, ${type}`);
  demand(data.length <= rule.data[0], "extra_data", `${where}, ${type}`);
  const last = data.length > 0 ? data[data.length - 1].hash : undefined;
  demand(payload === last, "event_chain", `${where}, payload`);
  take(log, type, data, where);
  log.last = type;
  log.head = hash;
  log.heads[type] = hash;
  log.height += 1;
}

function takeEvent(value, where) {
  const fields = record(value, where, ["parent?", "height", "type", "payload?"]);
  whole(fields.height, where);
  string(fields.type, where);
  for (const name of ["parent", "payload"]) if (fields[name] !== undefined) string(fields[name], where);
  return fields;
}

/** What stands last among an event's data names the others; they are the ones that stand before it. Spec: REC-4. */
function named(data, where, names) {
  const naming = data[data.length - 1].content;
  return read(naming, where, (value) => {
    const fields = record(value, where, names);
    for (const [name, at] of Object.entries(NAMED)) {
      if (fields[name] !== undefined) demand(string(fields[name], where) === data[at].hash, "not_canonical", `${where}, ${name}`);
    }
    return fields;
  }, EVENT_BYTES);
}

function take(log, type, data, where) {
  if (type === "Setup") {
    named(data, where, ["election", "trustees", "credentials"]);
    log.setup = { election: data[0].content, trustees: data[1].content, credentials: data[2].content };
  } else if (type === "Ballot") {
    log.ballots.push(data[0].content);
  } else if (type === "EncryptedTally") {
    const sized = named(data, where, ["num_tallied", "total_weight", "encrypted_tally"]);
    log.encryptedTally = {
      raw: data[0].content,
      numTallied: whole(sized.num_tallied, where),
      totalWeight: weight(sized.total_weight, where),
    };
  } else if (type === "PartialDecryption") {
    const owned = named(data, where, ["owner", "payload"]);
    log.partials.push({ owner: whole(owned.owner, where, 1), raw: data[0].content });
  } else if (type === "Result") {
    log.result = data[0].content;
  }
}

function readTimestamp(member) {
  const digits = read(member.content, "BELENIOS", (value) => {
    const fields = record(value, "BELENIOS", ["version", "timestamp"]);
    demand(whole(fields.version, "BELENIOS") === 1, "unsupported_version", "BELENIOS");
    return string(fields.timestamp, "BELENIOS");
  }, EVENT_BYTES);
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

