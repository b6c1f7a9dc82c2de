// The manifest and the credential list it shares out among the voter groups. Twin of tally/manifest.py.

import { b64Hash } from "./bytes.js";
import { Invalid, demand } from "./errors.js";
import { parsePoint } from "./group.js";
import { items, read, record, string, truth, whole } from "./json.js";
import { distinct, readable } from "./names.js";
import { isSigningKey } from "./receipt.js";

const FIELDS = [
  "version", "uuid", "selection", "kind", "rehearsal", "transport", "languages", "groups", "by_group", "minimum",
  "receipt_key", "assets", "issuance", "trustees", "replaces",
];
const HEX = /^[0-9a-f]{64}$/;
const MAX_GROUPS = 200;
const REST = "其余合计";
const LOWEST_MINIMUM = 5;

/** Read `manifest.json`. Returns its fields, its hash and groupOf: credential -> index of its group. Spec: MAN-2. */
export const parseManifest = (raw) => read(raw, "manifest", (value) => takeManifest(value, raw));

function takeManifest(value, raw) {
  const where = "manifest";
  const fields = record(value, where, FIELDS);
  demand(whole(fields.version, where) === 1, "unsupported_version", where);
  for (const name of ["uuid", "selection", "kind", "transport", "issuance", "receipt_key"]) string(fields[name], where);
  truth(fields.rehearsal, where);
  if (fields.replaces !== null) string(fields.replaces, where);
  items(fields.languages, where).forEach((one) => string(one, where));
  items(fields.by_group, where).forEach((one) => whole(one, where));
  whole(fields.minimum, where);
  readRows(fields.assets, "manifest, assets", ["path", "sha256"]);
  readRows(fields.trustees, "manifest, trustees", ["name", "role", "key"]);
  const groupOf = readGroups(fields.groups);
  const ascending = fields.by_group.every((one, i) => i === 0 || fields.by_group[i - 1] < one);
  const sound = ["https", "http"].indexOf(fields.transport) >= 0 && ["server", "offline"].indexOf(fields.issuance) >= 0 &&
    fields.minimum >= LOWEST_MINIMUM && isSigningKey(fields.receipt_key) && ascending &&
    fields.assets.every((asset) => HEX.test(asset.sha256)) &&
    new Set(fields.assets.map((asset) => asset.path)).size === fields.assets.length;
  const named = [fields.kind, fields.selection].concat(fields.languages).every(readable) && fields.languages.length > 0 &&
    distinct(fields.groups.map((group) => group.label).concat(REST));
  const few = fields.groups.length > 0 && fields.groups.length <= MAX_GROUPS;
  demand(sound && named && few && fields.replaces !== fields.uuid, "manifest", where);
  return Object.assign({ hash: b64Hash(raw), groupOf }, fields);
}

function readRows(value, where, names) {
  items(value, where).forEach((row) => {
    record(row, where, names);
    names.forEach((name) => string(row[name], where));
  });
}

function readGroups(groups) {
  const where = "manifest, groups";
  const groupOf = new Map();
  items(groups, where).forEach((group, index) => {
    record(group, where, ["label", "credentials"]);
    string(group.label, where);
    items(group.credentials, where).forEach((key) => {
      demand(!groupOf.has(string(key, where)), "manifest", "groups are not a partition of the credentials");
      groupOf.set(key, index);
    });
    demand(isSorted(group.credentials), "manifest", "credentials of a group are not sorted");
  });
  return groupOf;
}

/** Check that the groups share out the credential list: disjoint, complete. Raises Invalid("manifest"). Spec: MAN-3. */
export function checkPartition(manifest, credentials) {
  const complete = manifest.groupOf.size === credentials.length && credentials.every((key) => manifest.groupOf.has(key));
  demand(complete, "manifest", "groups are not a partition of the credentials");
}

/** Order of credentials in the record: by the little-endian bytes of the keys. Spec: CRED-4. */
const sortKey = (key) => (key.match(/../g) || []).reverse().join("");

const isSorted = (keys) => keys.every((key, i) => i === 0 || sortKey(keys[i - 1]) < sortKey(key));

/** Read a record's credential list, in order; weights are not for our polls. Raises Invalid. Spec: CRED-4. */
export const readCredentials = (raw) => read(raw, "credentials", takeCredentials);

function takeCredentials(value) {
  const keys = items(value, "credentials");
  const seen = new Set();
  demand(keys.length === 0 || string(keys[0], "credential 1").indexOf(",") < 0, "manifest", "weights");
  keys.forEach((one, index) => {
    const place = `credential ${index + 1}`;
    const [key, ...weight] = string(one, place).split(",");
    parsePoint(key, place);
    if (seen.has(key)) throw new Invalid("credential_repeated", place);
    seen.add(key);
    demand(index === 0 || sortKey(keys[index - 1]) < sortKey(key), "credential_order", place);
    demand(weight.length === 0, "not_canonical", place);
  });
  return keys;
}
