#!/bin/sh
# Makes the bindings anew from native/linux_udp.h with the jextract on PATH, and refuses an output that lacks a name
# of native/linux_udp.includes: jextract passes over a misspelt one without a word. GENERATED.md has the versions.
set -eu
cd "$(dirname "$0")"
here=$(pwd)
package=$here/src/main/java/dev/salvo/bindings

if ! command -v jextract >/dev/null; then
    echo "generate.sh: there is no jextract on PATH; bindings/GENERATED.md says which one to build" >&2
    exit 1
fi

out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
cd ../native
jextract @linux_udp.includes -t dev.salvo.bindings --header-class-name Linux --output "$out" linux_udp.h
made=$out/dev/salvo/bindings

asked() {
    sed -n "s/^--include-$1 //p" linux_udp.includes
}

missing=0
for struct in $(asked struct); do
    if ! test -f "$made/$struct.java"; then
        echo "generate.sh: no struct $struct in the output" >&2
        missing=1
    fi
done
sed -n 's/^    public static [a-z]* \([A-Za-z0-9_]*\)() {$/\1/p' "$made/Linux.java" >"$out/constants"
for constant in $(asked constant); do
    if ! grep -qx "$constant" "$out/constants"; then
        echo "generate.sh: no constant $constant in the output" >&2
        missing=1
    fi
done
test "$missing" = 0 || exit 1

rm -f "$package"/*.java
cp "$made"/*.java "$package"
echo "$(asked struct | wc -l) structs, $(wc -l <"$out/constants") constants"
echo "Now renew native/abi_check.c: AbiCheckTest says how."
