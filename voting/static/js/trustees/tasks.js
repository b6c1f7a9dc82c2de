// Everything that touches the private key or the record. Runs in a worker (worker.js); where there is none, on the page.
//
// The record is verified here and kept here: what is decrypted are the sums recomputed from its ballots, and no
// ciphertext can be handed in.

import { answerShareSteps, mayAnswer } from "../protocol/answer.js";
import { Invalid, demand } from "../protocol/errors.js";
import { text, plainProof } from "../protocol/group.js";
import { openKey, sealKey } from "../protocol/keyfile.js";
import { generate, plainPublicKey, provePossession } from "../protocol/trustee.js";
import { verifyRecord } from "../protocol/verify.js";

const STEPS_BETWEEN_REPORTS = 1 / 50;

let verified = null;

/** Make a key and seal it: {file, message}, message being what the server registers. */
async function make({ uuid, selection, name, role, passphrase }, progress) {
  const made = generate(name);
  const possession = provePossession(made.secret, { selection, name, role });
  const file = await sealKey({ uuid, name, role, secret: made.secret, journal: [] }, passphrase, fraction(progress));
  return { file, message: { public_key: plainPublicKey(made.public), possession: plainProof(possession) } };
}

/** Open the saved file again and prove it with the key that came out, over the server's nonce. */
async function reopen({ file, passphrase, uuid, selection, key, nonce }, progress) {
  const opened = await open(file, passphrase, uuid, key, progress);
  const holder = { selection, name: opened.name, role: `${opened.role}#${nonce}` };
  return plainProof(provePossession(opened.secret, holder));
}

/** Verify the whole record; tells what will be decrypted, never the seal. */
function check({ files, uuid, key }, progress) {
  verified = null;
  const found = verifyRecord(files, (step) => progress(step.done, step.total));
  demand(found.election.uuid === uuid, "other_election", "election");
  demand(found.closing !== null, "closing_missing", "closing.json");
  demand(!found.notes.includes("below_minimum"), "below_minimum", "ballots");
  demand(found.trustees.some((one) => text(one.key) === key), "not_a_trustee", "trustees");
  verified = found;
  // Ballots were cast in groups that are not opened alone: their sums stay in the total.
  const merged = found.castPerGroup.filter((cast) => cast > 0).length - found.groups.length;
  return { ballots: found.ballots, groups: found.groups.map((group) => group.label), merged };
}

/** Whether eight typed characters are the seal of the record that was verified. */
function sealed({ typed }) {
  return verified !== null && typed === verified.seal.replace(/ /g, "");
}

/** Decrypt the sums of the verified record: {share, file}, file being the key file with its new journal entry. */
async function decrypt({ file, passphrase, typed, uuid, key }, progress) {
  demand(sealed({ typed }), "seal_mismatch", "");
  const opened = await open(file, passphrase, uuid, key, progress);
  const allowed = mayAnswer(verified, opened, typed);
  const journalled = await sealKey(allowed.opened, passphrase, fraction(progress));
  const steps = answerShareSteps(verified, allowed);
  let step = steps.next();
  for (; !step.done; step = steps.next()) progress(step.value.done, step.value.total);
  return { share: step.value, file: journalled };
}

async function open(file, passphrase, uuid, key, progress) {
  const opened = await openKey(file, passphrase, fraction(progress));
  if (opened.uuid !== uuid || text(opened.publicKey) !== key) throw new Invalid("other_key_file", "");
  return opened;
}

/** Report a fraction from 0 to 1 now and then, as done of a hundred. */
function fraction(progress) {
  let last = 0;
  return (part) => {
    if (part - last < STEPS_BETWEEN_REPORTS) return;
    last = part;
    progress(Math.round(part * 100), 100);
  };
}

export const TASKS = { make, reopen, check, sealed, decrypt };
