#!/bin/sh
# run.sh TEST PROGRAMS: runs a Python test of the C programs in the folder PROGRAMS. Without python3 it exits with
# 77, which CTest reports as skipped; with CI=true it fails instead.
set -eu
if ! command -v python3 >/dev/null; then
    echo "python3 is missing (Debian: python3)"
    test "${CI:-}" != true || exit 1
    exit 77
fi
exec python3 -B "$1" "$2"
