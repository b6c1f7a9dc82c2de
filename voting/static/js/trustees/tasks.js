// Everything that touches the private key or the record. Runs in a worker (worker.js); where there is none, on the page.
//
// The record is verified here and kept here: what is decrypted are the sums recomputed from its ballots, and no
// ciphertext can be handed in.

import { platformRandom } from "../protocol/bytes.js";
import { makeShare } from "../protocol/decryption.js";
import { Invalid } from "../protocol/errors.js";
import { answering, seal, unseal } from "../protocol/keyfile.js";
import { newSecret, provePossession, publicKey } from "../protocol/trustee.js";
import { verify } from "../protocol/verify.js";

let verified = null;

/** Make a key and seal it: {file, key, message}, message being what the server registers. */
function make({ uuid, selection, name, role, passphrase }) {
  const secret = newSecret(platformRandom);
  const shown = publicKey(secret, name, platformRandom);
  const possession = provePossession(secret, { selection, name, role }, platformRandom);
  const contents = { uuid, name, role, publicKey: shown.public_key, secret, journal: [] };
  const file = seal(contents, passphrase, platformRandom);
  return { file, key: shown.public_key, message: { public_key: shown, possession } };
}

/** Open the saved file again and prove it with the key that came out, over the server's nonce. */
function reopen({ file, passphrase, uuid, selection, key, nonce }) {
  const opened = unseal(file, passphrase);
  if (opened.uuid !== uuid || opened.publicKey !== key) throw new Invalid("other_key_file");
  const holder = { selection, name: opened.name, role: `${opened.role}#${nonce}` };
  return provePossession(opened.secret, holder, platformRandom);
}

/** Verify the whole record; tells what will be decrypted, never the seal. */
function check({ files, uuid }, progress) {
  verified = null;
  const found = verify(files, progress);
  if (found.uuid !== uuid) throw new Invalid("other_election");
  if (found.ballots < found.minimum) throw new Invalid("below_minimum");
  verified = found;
  return { ballots: found.ballots, shown: found.shown, rest: found.rest };
}

/** Whether eight typed characters are the seal of the record that was verified. */
function sealed({ typed }) {
  return verified !== null && typed === bare(verified.seal);
}

/** Decrypt the sums of the verified record: {share, file}, file being the key file with its new journal entry. */
function decrypt({ file, passphrase, typed, uuid, key }, progress) {
  if (!sealed({ typed })) throw new Invalid("seal_mismatch");
  const opened = unseal(file, passphrase);
  if (opened.uuid !== uuid || opened.publicKey !== key) throw new Invalid("other_key_file");
  const owner = verified.owners.find((one) => one.key === key);
  if (!owner) throw new Invalid("other_key_file");
  const entry = { uuid: verified.uuid, phi: verified.phi, sigma: verified.sigma };
  const answered = answering(opened, entry);
  const share = makeShare(verified, owner.owner, opened.secret, platformRandom, progress);
  return { share, file: seal(answered, passphrase, platformRandom) };
}

const bare = (text) => text.replace(/[^0-9A-Fa-f]/g, "").toUpperCase();

export const TASKS = { make, reopen, check, sealed, decrypt };
