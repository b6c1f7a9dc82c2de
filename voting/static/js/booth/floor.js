/* Classic ES5, read by every engine: shows the way out where BigInt or modules are missing. */
(function () {
  "use strict";
  var able = typeof BigInt === "function" && "noModule" in document.createElement("script") &&
    window.crypto && window.crypto.getRandomValues && window.fetch && window.AbortController && window.TextEncoder;
  document.getElementById(able ? "app" : "unsupported").hidden = false;
})();
