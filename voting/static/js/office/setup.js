// The set-up token stands in the fragment, which no server sees. It goes into the form and out of the address bar.
const token = decodeURIComponent(location.hash.slice(1));
if (token) {
  document.getElementById("setup_token").value = token;
  history.replaceState(null, "", location.pathname);
}
