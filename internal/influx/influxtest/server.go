package influxtest

import (
	"os"
	"strings"
	"sync"
	"testing"

	"presage/internal/daemon"
	"presage/internal/influx/influxd"
)

// Server is a running InfluxDB with Flux and no authentication.
type Server struct {
	URL    string // "http://127.0.0.1:port"
	Bucket string // "presage/autogen", made and empty
	Dir    string // where it keeps its data
	// Stop ends the server; the test's end does it too.
	Stop func()

	server *influxd.Server
}

// Start starts a server with an empty database "presage".
func Start(tb testing.TB) Server {
	tb.Helper()
	address, err := daemon.FreeAddress(tb.Context())
	if err != nil {
		tb.Fatal(err)
	}
	s := StartIn(tb, tb.TempDir(), address)
	s.CreateDatabase(tb, "presage")
	s.Bucket = "presage/autogen"
	return s
}

// StartIn starts a server on dir and address ("127.0.0.1:port"), to run one
// again where it was stopped.
func StartIn(tb testing.TB, dir, address string) Server {
	tb.Helper()
	server, err := influxd.Start(tb.Context(), find(tb), dir, address)
	if err != nil {
		tb.Fatal(err)
	}
	s := Server{URL: server.URL, Bucket: "presage/autogen", Dir: dir, Stop: sync.OnceFunc(server.Kill), server: server}
	tb.Cleanup(s.Stop)
	return s
}

// Address is where the server listens, "127.0.0.1:port".
func (s Server) Address() string { return strings.TrimPrefix(s.URL, "http://") }

// CreateDatabase makes a database; its bucket is name + "/autogen". It returns
// once the server takes writes for it.
func (s Server) CreateDatabase(tb testing.TB, name string) {
	tb.Helper()
	if err := s.server.CreateDatabase(tb.Context(), name); err != nil {
		tb.Fatal(err)
	}
}

// find returns the influxd binary, or ends the test.
func find(tb testing.TB) string {
	tb.Helper()
	path, err := influxd.Find()
	if err == nil {
		return path
	}
	if os.Getenv("PRESAGE_INTEGRATION") == "1" {
		tb.Fatal(err)
	}
	tb.Skip(err)
	return ""
}
