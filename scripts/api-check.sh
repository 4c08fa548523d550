#!/bin/sh
# Asks a running service whether its OpenAPI document is true: no errors in the
# document (redocly), no answer that it does not name (schemathesis). Each tool
# is installed once, pinned, in the cache folder; without npm or python3, or
# without a network, its half is skipped and says so.
#   usage: api-check.sh PRESAGE CACHE
set -eu
bin=$1 cache=$2
redocly_version=2.77.0 schemathesis_version=4.32.5
redocly=$cache/redocly-$redocly_version schemathesis=$cache/schemathesis-$schemathesis_version

skip() { echo "api-check: skipped $1: $2"; }

# Installed beside its place first, so that half an installation never counts.
have_redocly() {
	[ -x "$redocly/node_modules/.bin/redocly" ] && return
	command -v npm >/dev/null || { skip redocly "npm is not there"; return 1; }
	rm -rf "$redocly.new"
	npm install --silent --no-fund --no-audit --prefix "$redocly.new" "@redocly/cli@$redocly_version" >/dev/null &&
		mv "$redocly.new" "$redocly" || { skip redocly "it cannot be installed"; return 1; }
}

have_schemathesis() {
	[ -f "$schemathesis/whole" ] && return
	command -v python3 >/dev/null || { skip schemathesis "python3 is not there"; return 1; }
	python3 -m venv --clear "$schemathesis" &&
		"$schemathesis/bin/pip" install -q "schemathesis==$schemathesis_version" &&
		touch "$schemathesis/whole" || { skip schemathesis "it cannot be installed"; return 1; }
}

lint=yes try=yes
have_redocly || lint=
have_schemathesis || try=
[ -n "$lint$try" ] || exit 0

work=$(mktemp -d)
pid=
trap '[ -z "$pid" ] || kill "$pid" 2>/dev/null || :; wait; rm -rf "$work"' EXIT
port=$((20000 + $$ % 20000))
key=$(od -An -N24 -tx1 /dev/urandom | tr -d ' \n')
url=http://127.0.0.1:$port
PRESAGE_HTTP_ADMIN_KEY=$key "$bin" serve --data "$work/data" --addr "127.0.0.1:$port" \
	--mqtt-addr "127.0.0.1:$((port + 1))" >"$work/log" 2>&1 &
pid=$!
tries=0
until curl -fsS "$url/openapi.json" -o "$work/openapi.json" 2>/dev/null; do
	tries=$((tries + 1))
	if [ $tries -gt 100 ] || ! kill -0 $pid 2>/dev/null; then
		cat "$work/log"
		exit 1
	fi
	sleep 0.3
done

if [ -n "$lint" ]; then
	REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true \
		"$redocly/node_modules/.bin/redocly" lint --format=github-actions "$work/openapi.json"
fi
if [ -n "$try" ]; then
	hooks=$(cd "$(dirname "$0")" && pwd)
	cd "$work"
	PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$hooks SCHEMATHESIS_HOOKS=api_check_hooks timeout 150 "$schemathesis/bin/schemathesis" run "$url/openapi.json" -H "Authorization: Bearer $key" \
		--checks status_code_conformance,content_type_conformance,not_a_server_error \
		--seed 221580424687208813594542773211209837890 --phases examples,coverage,fuzzing --max-examples 10 --max-time 75 --request-timeout 20 --warnings off
fi
