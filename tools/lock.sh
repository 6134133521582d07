#!/bin/sh
# Writes requirements/*.txt: exact versions with hashes, for every platform and Python >= 3.11, naming no address.
set -eu
cd "$(dirname "$0")/.."

compile() {
    name=$1
    shift
    .venv/bin/python -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-emit-find-links --no-header --annotation-style line "$@" \
        "requirements/$name.in" --output-file "requirements/$name.txt"
}

compile bootstrap
compile node
compile run
# The same versions everywhere: what the tests and benches add never moves what is run.
compile test --constraint requirements/run.txt
compile bench --constraint requirements/test.txt
