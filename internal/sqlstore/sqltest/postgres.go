package sqltest

import (
	"os"
	"testing"

	"presage/internal/procs"
)

// Postgres is a running server that belongs to one test.
type Postgres struct {
	server *procs.Postgres
	tb     testing.TB
}

// StartPostgres starts a PostgreSQL server that listens on loopback alone and
// is stopped when tb ends. Without its binaries (Debian: package postgresql)
// the test is skipped, or fails if PRESAGE_INTEGRATION=1.
func StartPostgres(tb testing.TB) *Postgres {
	tb.Helper()
	if _, err := procs.FindPostgres(); err != nil {
		if os.Getenv("PRESAGE_INTEGRATION") == "1" {
			tb.Fatal(err)
		}
		tb.Skip(err)
	}
	server, err := procs.StartPostgres(tb.Context())
	if err != nil {
		tb.Fatal(err)
	}
	p := &Postgres{server, tb}
	tb.Cleanup(p.Stop)
	return p
}

// Stop ends the server as a fast shutdown does, cutting all connections, and
// waits for it. Stopping twice is harmless.
func (p *Postgres) Stop() {
	if err := p.server.Stop(); err != nil {
		p.tb.Error(err)
	}
}

// Restart cuts all connections and starts the server again on its data.
func (p *Postgres) Restart(tb testing.TB) {
	tb.Helper()
	if err := p.server.Restart(tb.Context()); err != nil {
		tb.Fatal(err)
	}
}

// NewDatabase makes an empty database and returns its URL.
func (p *Postgres) NewDatabase(tb testing.TB) string {
	tb.Helper()
	url, err := p.server.NewDatabase(tb.Context())
	if err != nil {
		tb.Fatal(err)
	}
	return url
}
