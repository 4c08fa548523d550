package influxtest

import (
	"os"
	"strings"
	"testing"

	"presage/internal/procs"
)

// Server is a running InfluxDB with Flux and no authentication.
type Server struct {
	URL    string // "http://127.0.0.1:port"
	Bucket string // "presage/autogen", made and empty
	Dir    string // where it keeps its data
	// Stop ends the server; the test's end does it too.
	Stop func()
}

// Start starts a server with an empty database "presage".
func Start(tb testing.TB) Server {
	tb.Helper()
	address, err := procs.FreeAddress(tb.Context())
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
	if _, err := procs.FindInflux(); err != nil {
		if os.Getenv("PRESAGE_INTEGRATION") == "1" {
			tb.Fatal(err)
		}
		tb.Skip(err)
	}
	server, err := procs.StartInflux(tb.Context(), dir, address)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(server.Kill)
	return Server{URL: "http://" + address, Bucket: "presage/autogen", Dir: dir, Stop: server.Kill}
}

// Address is where the server listens, "127.0.0.1:port".
func (s Server) Address() string { return strings.TrimPrefix(s.URL, "http://") }

// CreateDatabase makes a database; its bucket is name + "/autogen". It returns
// once the server takes writes for it.
func (s Server) CreateDatabase(tb testing.TB, name string) {
	tb.Helper()
	if err := procs.CreateDatabase(tb.Context(), s.URL, name); err != nil {
		tb.Fatal(err)
	}
}
