#!/bin/sh
# run.sh TEST PROGRAMS: a Python test of the C programs in a folder. Without python3 it exits with 77, which CTest
# reports as skipped; with CI=true that is a failure.
set -eu
if ! command -v python3 >/dev/null; then
    echo "python3 is missing (Debian: python3)"
    test "${CI:-}" != true || exit 1
    exit 77
fi
exec python3 -B "$1" "$2"
