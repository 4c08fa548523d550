#!/bin/sh
# Builds a real InfluxDB 2 for the integration tests: scripts/influxd2.sh VERSION FILE.
# It has no binary that `go install` could make: a part of it (Flux) is Rust, which
# its own pkg-config builds in the course of the build. Takes about six minutes on two
# cores; needs cargo and a C compiler, and says so and does nothing where they are missing.
set -eu
version=$1
out=$2
[ ! -x "$out" ] || exit 0
for tool in cargo gcc; do
	if ! command -v "$tool" >/dev/null 2>&1; then
		echo "influxd2: no $tool here: InfluxDB $version is not built and its tests are skipped" >&2
		exit 0
	fi
done
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
cd "$work"
# A module of its own, so that ours knows nothing of it.
export GOFLAGS=-mod=mod GOWORK=off CGO_ENABLED=1
go mod init influxd2 >/dev/null 2>&1
# A dependency's replacements do not reach us: repeat InfluxDB's own.
nats=github.com/nats-io/nats-streaming-server
go mod edit -require "github.com/influxdata/influxdb/v2@$version" \
	-replace "$nats@v0.11.2=github.com/influxdata/nats-streaming-server@v0.11.3-0.20201112040610-c277f7560803"
sh "$here/try-again.sh" go get github.com/influxdata/influxdb/v2/cmd/influxd@"$version" github.com/influxdata/pkg-config
go build -o pkg-config github.com/influxdata/pkg-config
# Flux names the Rust that it was written with; the one that is here will do.
if command -v rustup >/dev/null 2>&1; then
	RUSTUP_TOOLCHAIN=$(rustup show active-toolchain | cut -d " " -f 1)
	export RUSTUP_TOOLCHAIN
fi
# It makes an error of every warning, and newer Rust warns of more. RUSTFLAGS does
# not reach the part that runs while building, a wrapper of the compiler does.
cat >rustc <<'EOF'
#!/bin/sh
case "$*" in
*--cap-lints*) exec "$@" ;;
esac
exec "$@" --cap-lints=allow
EOF
chmod +x rustc
PKG_CONFIG="$work/pkg-config" RUSTC_WRAPPER="$work/rustc" CARGO_NET_RETRY=5 CARGO_BUILD_JOBS=2 \
	nice go build -p 2 -tags sqlite_foreign_keys,sqlite_json -ldflags "-s -w -X main.version=$version" \
	-o influxd github.com/influxdata/influxdb/v2/cmd/influxd
mkdir -p "$(dirname "$out")"
mv influxd "$out"
