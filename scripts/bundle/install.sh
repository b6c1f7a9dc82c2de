#!/bin/sh
# 不联网安装密票。 Installs Mipiao without a network. Usage: sh install.sh FOLDER [auditor]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
target=${1:?用法 / usage: sh install.sh 安装目录 [auditor]}
list=requirements-auditor.txt
if [ "${2:-}" != auditor ]; then
    list=requirements.txt
    [ -f "$here/$list" ] || { echo "本包只有核验工具，请加 auditor。 This bundle holds the auditor's tool only: add 'auditor'." >&2; exit 2; }
fi
(cd "$here" && sha256sum --quiet --check SHA256SUMS) || { echo "文件与 SHA256SUMS 不符，不安装。 Files differ from SHA256SUMS: not installed." >&2; exit 1; }
"${PYTHON:-python3}" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "需要 Python 3.11 或更高版本。 Python 3.11 or newer is needed." >&2; exit 1; }
"${PYTHON:-python3}" -m venv "$target"
"$target/bin/python" -m pip --isolated --quiet --disable-pip-version-check install --no-index --find-links "$here/wheels" \
    --require-hashes --no-deps --only-binary :all: -r "$here/$list"
"$target/bin/mipiao" verify "$here/sample-record" >/dev/null || { echo "样例记录没有通过核验。 The sample record did not verify." >&2; exit 1; }
echo "装好了 / installed: $target/bin/mipiao"
