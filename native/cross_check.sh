#!/bin/sh
# cross_check.sh COMPILER: compiles abi_check.c for another architecture, without running anything. If the compiler or
# its C library is missing, it exits with 77, which CTest reports as skipped; with CI=true it fails instead.
set -eu
compiler=$1
if ! echo '#include <sys/socket.h>' | "$compiler" -fsyntax-only -x c - 2>/dev/null; then
    echo "$compiler or its C library is missing (Debian: gcc-aarch64-linux-gnu, libc6-dev-arm64-cross)"
    test "${CI:-}" != true || exit 1
    exit 77
fi
"$compiler" -std=c11 -Wall -Wextra -Werror -fsyntax-only "$(dirname "$0")/abi_check.c"
