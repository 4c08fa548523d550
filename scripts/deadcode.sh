#!/bin/sh
# Functions that no command reaches: there are none but those that
# scripts/deadcode.txt explains, and each line there still explains one.
# Needs DEADCODE, the program of golang.org/x/tools.
set -eu
: "${DEADCODE:?path of deadcode}"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
# "ingest/decode.go:22:6: unreachable func: Decoder.Reset" -> "ingest Decoder.Reset"
"$DEADCODE" ./cmd/... >"$dir/found"
sed -E 's,/?[^/:]*:[0-9]+:[0-9]+: unreachable func: , ,; s,^ ,. ,' "$dir/found" | sort -u >"$dir/dead"
sed -E '/^(#|$)/d; s/ +#.*//' scripts/deadcode.txt | sort -u >"$dir/explained"
failed=0
if [ -n "$(comm -23 "$dir/dead" "$dir/explained")" ]; then
	echo "no command reaches these: wire them, delete them with their tests, or explain them in scripts/deadcode.txt" >&2
	comm -23 "$dir/dead" "$dir/explained" >&2
	failed=1
fi
if [ -n "$(comm -13 "$dir/dead" "$dir/explained")" ]; then
	echo "scripts/deadcode.txt explains what is not dead: delete these lines" >&2
	comm -13 "$dir/dead" "$dir/explained" >&2
	failed=1
fi
exit "$failed"
