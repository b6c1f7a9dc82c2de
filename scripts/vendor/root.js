// Chrome 67-70 has BigInt but no globalThis; esbuild puts this in its place.
export const root = typeof self !== "undefined" ? self : global;
