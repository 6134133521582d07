#!/bin/sh
# Installs requirements/$1.txt (exact versions, checked by hash) and this checkout itself into .venv.
set -eu
cd "$(dirname "$0")/.."
VIRTUAL_ENV="$PWD/.venv" && export VIRTUAL_ENV
.venv/bin/python -m uv pip install --require-hashes -r "requirements/$1.txt"
.venv/bin/python -m uv pip install --no-deps --no-build-isolation --editable .
