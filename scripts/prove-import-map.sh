#!/bin/sh
# Breaks every rule of the import map once and checks that the linter sees it:
# a rule that matches no file would otherwise pass in silence. Then shows that
# each package falls under a rule.
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
	out=$("$LINT" run --allow-parallel-runners --enable-only depguard "./$1" 2>&1 || true)
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
prove ingest/jetstream jetstream presage/ingest/mqtt
prove ingest/mapped mapped presage/ingest/mqtt
prove ingest/httpdoor httpdoor presage/internal/credential
prove models models presage/ingest
prove models/scoring scoring presage/internal/sqlstore
prove models/wear wear os
prove models/battery battery time
prove models/median median os
prove forecast forecast presage/outreach
prove forecast/fleet fleet presage/ingest
prove forecast/orders orders presage/models
prove outreach outreach presage/internal/sqlstore
prove outreach/privacy privacy presage/internal/sqlstore
prove outreach/hook hook presage/internal/sqlstore
prove outreach/providertest providertest presage
prove internal/dossier dossier presage/internal/sqlstore
prove internal/cell cell presage
prove internal/xlsx xlsx presage/internal/cell
prove internal/squeeze squeeze presage/internal/sqlstore
prove internal/cluster cluster presage/internal/sqlstore
prove internal/rollpack packed-forms presage/internal/sqlstore
prove internal/prognosispack packed-forms presage/internal/sqlstore
prove internal/packed packed presage
prove outreach/casework casework presage/outreach/rules
prove outreach/link link presage/outreach/policy
prove outreach/outbox outbox presage/outreach/deliver
prove outreach/policy policy presage/models
prove outreach/booking booking presage/internal/sqlstore
prove outreach/reply reply presage/outreach/contact
prove outreach/rules rules presage/internal/wording
prove outreach/calendar calendar presage/outreach/policy
prove outreach/replay replay presage/internal/sqlstore
prove outreach/contact contact presage/outreach/policy
prove outreach/visit visit presage/outreach/reply
prove outreach/decide decide presage/outreach/deliver
prove outreach/deliver deliver presage/outreach/visit
prove outreach/converse converse presage/outreach/decide
prove outreach/advise advise presage/outreach/decide
prove outreach/talk talk presage/outreach/converse
prove outreach/dispatch dispatch presage/outreach/booking
prove outreach/duty duty presage/internal/sqlstore
prove outreach/finding finding presage/outreach/booking
prove outreach/floor floor presage/internal/sqlstore
prove outreach/waitlist waitlist presage/internal/sqlstore
prove outreach/knowledge knowledge presage/outreach/talk
prove outreach/recall recall presage/outreach/visit
prove outreach/route route presage/outreach/casework
prove outreach/rescue rescue presage/outreach/decide
prove outreach/rollout rollout presage/outreach/decide
prove outreach/stages stages presage/outreach/talk
prove outreach/twilio twilio github.com/gin-gonic/gin
prove outreach/webhook webhook presage/internal/sqlstore
prove outreach/fcm fcm presage/internal/sqlstore
prove outreach/mail mail presage/internal/sqlstore
prove outreach/feed feed presage/internal/sqlstore
prove outreach/dealer dealer presage/internal/sqlstore
prove outreach/notice notice presage/internal/sqlstore
prove api api presage/forecast
prove api/rest rest presage/outreach
prove api/web web presage/internal/tsdb
prove api/apitest/wired wired presage/outreach/decide
prove api/table table github.com/gin-gonic/gin
prove api/chart chart presage/api/problem
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
prove internal/natstest natstest presage/ingest
prove internal/dealertest dealertest presage/internal/sqlstore
prove internal/backup backup presage/internal/sqlstore
prove internal/disk disk presage/internal/backup
prove internal/spool spool presage/internal/influx
prove internal/storetest storetest presage/internal/tsdb
prove cmd/presage/app app presage/simulator
prove cmd/presage/config config presage/internal/sqlstore
prove cmd/presage/demo demo presage/internal/sqlstore
prove cmd/presage/credentials credentials presage/cmd/presage/app
prove cmd/presage/schedule schedule presage/internal/sqlstore
prove cmd/presage/clock clock presage
prove cmd/presage/progress progress presage
prove cmd/presage/lab/sheet sheet presage/internal/sqlstore
prove cmd/presage/lab/eval eval presage/api
prove cmd/presage/client client presage/cmd/presage/config
prove cmd/bench-ingest/wire wire presage/internal/procs

# No package but a command reads the command line, so none may import what does.
# Commands have no rule: they alone know everything.
packages=$(go list -f '{{if ne .Name "main"}}{{.ImportPath}} {{.Name}}{{end}}' ./... | grep -v '/testdata/')
echo "$packages" | while read -r path name; do
	[ -n "$path" ] || continue
	folder=.${path#presage}
	printf '// Package %s.\npackage %s\n\nimport _ "github.com/alecthomas/kong"\n' "$name" "$name" >"$folder/zz_break.go"
done
"$LINT" run --allow-parallel-runners --enable-only depguard --max-same-issues 0 --max-issues-per-linter 0 ./... >all.out 2>&1 || true
for folder in $(echo "$packages" | cut -d' ' -f1 | sed 's|^presage/*||'); do
	if ! grep -q "^${folder:+$folder/}zz_break.go:.*import 'github.com/alecthomas/kong' is not allowed" all.out; then
		echo "FAIL  ${folder:-the root package} falls under no rule"
		failed=1
	fi
done
exit "$failed"
