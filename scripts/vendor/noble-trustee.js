// What only a trustee's page loads: the two functions that seal a key file.
import "./safari14.js";
export { argon2idAsync } from "@noble/hashes/argon2.js";
export { xchacha20poly1305 } from "@noble/ciphers/chacha.js";
