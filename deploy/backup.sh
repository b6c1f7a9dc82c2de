#!/bin/sh
# Copies the database to a folder, but never while a box is open: two copies of an open box tell which slips came between.
# Usage: backup.sh FOLDER [MIPIAO]      FOLDER lies on an encrypted medium; the secret is kept elsewhere, and once.
set -eu
umask 077
folder=${1:?usage: backup.sh FOLDER [MIPIAO]}
mipiao=${2:-/opt/mipiao/bin/mipiao}
polls=$("$mipiao" admin list-polls)
if printf '%s\n' "$polls" | awk '$2 == "open" || $2 == "closing" { found = 1 } END { exit !found }'; then
    echo "票箱开着，不能备份：停止投票并封箱以后再做。 A box is open: back up after it is sealed." >&2
    exit 1
fi
copy="$folder/mipiao-$(date +%Y%m%d-%H%M%S)"
case "${MIPIAO_DATABASE_URL:-}" in
postgres*) pg_dump --format=custom --file="$copy.dump" "$MIPIAO_DATABASE_URL" && copy="$copy.dump" ;;
*)
    "$(dirname "$mipiao")/python" - "${MIPIAO_INSTANCE:-instance}/mipiao.sqlite3" "$copy.sqlite3" <<'EOF'
import pathlib, sqlite3, sys
source = sqlite3.connect(pathlib.Path(sys.argv[1]).absolute().as_uri() + "?mode=ro", uri=True)
source.backup(sqlite3.connect(sys.argv[2]))
EOF
    copy="$copy.sqlite3"
    ;;
esac
echo "$copy"
