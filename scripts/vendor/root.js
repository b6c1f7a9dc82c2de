// Stand-ins that esbuild puts where the packages use what Chrome 67 and Safari 14 do not have.
export const root = typeof self !== "undefined" ? self : global;
export const hasOwn = (object, key) => Object.prototype.hasOwnProperty.call(object, key);
