#!/bin/sh
# UDP echoes side by side: C, Salvo, Netty, the JDK. See --help and README.md.
command -v python3 >/dev/null || { echo "echo.sh: python3 is missing (Debian: apt install python3)" >&2; exit 3; }
exec python3 -B "$(dirname "$0")/echo" "$@"
