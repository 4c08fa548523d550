#!/bin/sh
# Breaks every rule of the import map once and checks that the linter sees it:
# a rule that matches no file would otherwise pass in silence.
# Works on a copy of the tree; needs LINT, the golangci-lint binary.
set -eu
: "${LINT:?path of golangci-lint}"
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
git ls-files -z --cached --others --exclude-standard | tar --null --ignore-failed-read -T - -cf - | tar -xf - -C "$copy"
cd "$copy"

prove() { # folder, package clause, forbidden import
	file="$1/zz_break.go"
	printf '// Package %s.\npackage %s\n\nimport _ "%s"\n' "$2" "$2" "$3" >"$file"
	out=$("$LINT" run --enable-only depguard "./$1" 2>&1 || true)
	rm -f "$file"
	if echo "$out" | grep -q "import '$3' is not allowed"; then
		echo "ok    $1 may not import $3"
	else
		echo "FAIL  $1 may import $3: the rule matches nothing"
		echo "$out" | head -5
		failed=1
	fi
}

failed=0
prove . presage gonum.org/v1/gonum/stat
prove ingest ingest presage/models
prove ingest/mqtt mqtt presage/internal/tsdb
prove ingest/mapped mapped presage/ingest/mqtt
prove ingest/httpdoor httpdoor presage/internal/credential
prove models models presage/ingest
prove models/scoring scoring presage/internal/sqlstore
prove models/wear wear os
prove models/battery battery time
prove models/median median os
prove forecast forecast presage/outreach
prove forecast/fleet fleet presage/ingest
prove outreach outreach presage/models
prove outreach/booking booking presage/internal/sqlstore
prove outreach/twilio twilio github.com/gin-gonic/gin
prove api api presage/internal/sqlstore
prove api/web web presage/internal/tsdb
prove simulator simulator presage/models
prove simulator/recorded recorded presage/forecast
prove internal/tsdb tsdb presage/ingest
prove internal/wording wording presage/internal/sqlstore
prove internal/names names presage/internal/tsdb
prove internal/influx influx presage/models
prove internal/sqlstore sqlstore presage/outreach
prove ingest/door door presage/internal/sqlstore
prove internal/procs procs presage/ingest
prove internal/credential credential presage/ingest
prove internal/throttle throttle presage/ingest
prove internal/certfile certfile presage/ingest
prove internal/gauge gauge presage/ingest
prove internal/mosquittotest mosquittotest presage/ingest
prove cmd/presage/lab/sheet sheet presage/internal/sqlstore
prove cmd/presage/client client presage/cmd/presage/config
exit "$failed"
