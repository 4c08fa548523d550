#!/bin/sh
# A file is one noun: none over 400 lines (vendored assets and test data aside).
set -eu
git ls-files '*.go' '*.html' '*.css' '*.js' '*.sql' | grep -v -E '(^|/)(vendor|testdata)/|\.min\.' |
	while IFS= read -r f; do
		[ -f "$f" ] || continue
		n=$(wc -l <"$f")
		[ "$n" -le 400 ] || echo "$f: $n lines, at most 400: split it by noun"
	done >"${TMPDIR:-/tmp}/presage-long.$$"
long="${TMPDIR:-/tmp}/presage-long.$$"
if [ -s "$long" ]; then
	cat "$long"
	rm -f "$long"
	exit 1
fi
rm -f "$long"
