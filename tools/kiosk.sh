#!/bin/sh
# The kiosk's two steps: `install` its libraries from the lock, `build` its pages into hadir/static/kiosk.
set -eu
cd "$(dirname "$0")/.."
PATH="$PWD/build/node/bin:$PATH" && export PATH
cd kiosk
case $1 in
install) npm ci --ignore-scripts --no-audit --no-fund ;;
build) npm run build && ../.venv/bin/python ../tools/vendor_assets.py ;;
*) echo "usage: kiosk.sh install|build" >&2 && exit 2 ;;
esac
