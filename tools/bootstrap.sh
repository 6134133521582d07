#!/bin/sh
# Makes .venv with the pip and uv of requirements/bootstrap.txt. Needs nothing but a POSIX shell and Python >= 3.11.
set -eu
cd "$(dirname "$0")/.."

new_enough() { "$1" -c 'import sys; raise SystemExit(sys.version_info < (3, 11))' >/dev/null 2>&1; }
has_ensurepip() { "$1" -c 'import ensurepip' >/dev/null 2>&1; }
say() { printf '%s\n' "$*" >&2; }

python=
for candidate in ${PYTHON:-} python3.11 python3.12 python3.13 python3 python3.14; do
    if new_enough "$candidate"; then
        python=$candidate
        break
    fi
done
if [ -z "$python" ]; then
    say "Hadir membutuhkan Python 3.11 atau lebih baru. Debian/Ubuntu: sudo apt-get install python3 python3-venv"
    exit 1
fi

if [ -L .venv/bin/python ] && ! new_enough .venv/bin/python; then
    say "Lingkungan Python lama tidak dapat dipakai lagi; dibuat ulang."
    rm -rf .venv
fi
if [ ! -x .venv/bin/python ] || ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
    if ! has_ensurepip "$python"; then
        version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null 2>&1; then
            say "Memasang python3-venv dengan apt-get."
            apt-get update -qq && apt-get install -y -qq --no-install-recommends "python$version-venv" >/dev/null
        else
            say "Python $version di komputer ini tidak dapat membuat lingkungan (ensurepip tidak ada)."
            say "Ketik: sudo apt-get install python$version-venv   lalu ulangi perintah make yang sama."
            exit 1
        fi
    fi
    "$python" -m venv .venv
fi
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bootstrap.txt
