/** What the booth knows of a poll: read from the election's exact bytes, checked before anything is shown. */

import { utf8 } from "../protocol/bytes.js";
import { credentialKeys } from "../protocol/credential.js";
import { parseElection } from "../protocol/election.js";
import { demand } from "../protocol/errors.js";
import { text } from "../protocol/group.js";
import { parseManifest } from "../protocol/manifest.js";

/**
 * Facts of election.json for one slip. φ is computed here from the bytes, the manifest must be the one that the election
 * names, and the slip must be on its list. Raises Invalid("manifest_hash", "other_election", "unknown_credential", …).
 */
export function verified(described, uuid, code) {
  const raw = utf8(described.election);
  const election = parseElection(raw);
  demand(election.uuid === uuid, "other_election", "uuid");
  const manifest = parseManifest(utf8(described.manifest));
  demand(manifest.hash === election.manifestHash, "manifest_hash", "manifest");
  demand(manifest.uuid === uuid, "other_election", "manifest");
  const mine = text(credentialKeys(uuid, code).publicKey);
  const group = manifest.groupOf.get(mine);
  demand(group !== undefined, "unknown_credential", "slip");
  return facts(election.name, election.questions, manifest, described, manifest.groups[group].label, {
    election: described.election,
    phi: election.phi,
    receiptKey: manifest.receipt_key,
    seal: described.opening_seal,
  });
}

/** Facts of the office's preview: nothing to verify, nothing can be sent. */
export function previewed(described) {
  const questions = described.election.questions.map((one) => ({
    text: one.question,
    answers: one.answers,
    blank: one.blank === true,
    min: one.min,
    max: one.max,
  }));
  return facts(described.election.name, questions, described.manifest, described, described.group, { preview: true });
}

/** In an evaluation whose finer items fall under the stricter rule: the names of the items that do not; otherwise null. */
function coarse(manifest, questions) {
  if (manifest.kind !== "evaluation" || manifest.by_group.length === questions.length) return null;
  const named = manifest.by_group.map((q) => questions[q].text.slice(questions[q].text.lastIndexOf("：") + 1));
  return named.filter((name, at) => named.indexOf(name) === at);
}

function facts(name, questions, manifest, described, group, more) {
  return Object.assign(
    {
      name,
      questions,
      group,
      kind: manifest.kind,
      selection: manifest.selection,
      rehearsal: manifest.rehearsal,
      minimum: manifest.minimum,
      byGroup: manifest.by_group.length > 0,
      coarse: coarse(manifest, questions),
      issuance: manifest.issuance,
      transport: manifest.transport,
      trustees: described.trustees,
      threshold: described.threshold,
      preview: false,
    },
    more,
  );
}

/** The public key inside a ballot that was made here. */
export const credentialOf = (ballot) => JSON.parse(ballot).credential;

/** The public key of a slip's code in a poll. */
export const publicKeyOf = (uuid, code) => text(credentialKeys(uuid, code).publicKey);
