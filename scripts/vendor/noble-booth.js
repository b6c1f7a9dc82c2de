// What every phone loads: the group's arithmetic, SHA-256, and Ed25519 to check receipts.
export { ed25519 } from "@noble/curves/ed25519.js";
export { normalizeZ } from "@noble/curves/abstract/curve.js";
export { sha256 } from "@noble/hashes/sha2.js";
