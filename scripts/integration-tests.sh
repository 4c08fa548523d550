#!/bin/sh
# The tests that `make test` cannot run, as arguments of go test: those behind the
# tag integration, and those that skip themselves without what `make deps` installs.
set -eu
files=$(
	git ls-files -co --exclude-standard '*_test.go' | xargs grep -l '^//go:build integration'
	ls internal/procs/*_test.go internal/gauge/*_test.go
)
names=$(sed -n 's/^func \(Test[A-Za-z0-9_]*\)(.*/\1/p' $files | grep -v '^TestMain$' | sort -u | paste -sd '|' -)
packages=$(for f in $files; do echo "./${f%/*}"; done | sort -u)
echo -run "^($names)\$" $packages
