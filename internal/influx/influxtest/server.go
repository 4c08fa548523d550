package influxtest

import (
	"os"
	"strings"
	"testing"
	"time"

	"presage"
	"presage/internal/influx"
	"presage/internal/procs"
)

// Server is a running InfluxDB with Flux: 1.8 without authentication, or 2 with
// an owner.
type Server struct {
	URL    string // "http://127.0.0.1:port"
	Org    string // of InfluxDB 2
	Token  presage.Secret
	Bucket string // "presage/autogen", or "presage"; made and empty
	Dir    string // where it keeps its data
	Two    bool   // InfluxDB 2
	// Stop ends the server with kill -9; the test's end does it too.
	Stop func()
}

// The one organisation and owner of an InfluxDB 2 here.
const (
	org   = "presage"
	token = "a-token-of-this-test-alone"
)

// Config is how to talk to the server's bucket.
func (s Server) Config() influx.Config {
	return influx.Config{URL: s.URL, Token: s.Token, Org: s.Org, Bucket: s.Bucket}
}

// Each runs a test on InfluxDB 1.8 and on InfluxDB 2, if they are there.
func Each(t *testing.T, test func(t *testing.T, s Server)) {
	t.Helper()
	for name, start := range map[string]func(testing.TB) Server{"1.8": Start, "2.7": Start2} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, start(t))
		})
	}
}

// Start starts InfluxDB 1.8 with an empty database "presage".
func Start(tb testing.TB) Server {
	tb.Helper()
	s := Server{Dir: tb.TempDir()}.start(tb, address(tb))
	s.Bucket = s.NewBucket(tb, "presage", 0)
	return s
}

// Start2 starts InfluxDB 2 with an owner and an empty bucket "presage".
func Start2(tb testing.TB) Server {
	tb.Helper()
	s := Server{Dir: tb.TempDir(), Two: true, Org: org, Token: token}.start(tb, address(tb))
	if err := s.owner().Onboard(tb.Context(), "presage", 0); err != nil {
		tb.Fatal(err)
	}
	s.Bucket = "presage"
	return s
}

// Again starts a stopped server where it was.
func (s Server) Again(tb testing.TB) Server {
	tb.Helper()
	return s.start(tb, s.Address())
}

func (s Server) start(tb testing.TB, address string) Server {
	tb.Helper()
	find, start := procs.FindInflux, procs.StartInflux
	if s.Two {
		find, start = procs.FindInflux2, procs.StartInflux2
	}
	if _, err := find(); err != nil {
		if os.Getenv("PRESAGE_INTEGRATION") == "1" && (!s.Two || os.Getenv("PRESAGE_INFLUXD2") != "") {
			tb.Fatal(err)
		}
		tb.Skip(err)
	}
	server, err := start(tb.Context(), s.Dir, address)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(server.Kill)
	s.URL, s.Stop = "http://"+address, server.Kill
	return s
}

func address(tb testing.TB) string {
	tb.Helper()
	address, err := procs.FreeAddress(tb.Context())
	if err != nil {
		tb.Fatal(err)
	}
	return address
}

func (s Server) owner() procs.Influx2 {
	return procs.Influx2{URL: s.URL, Org: s.Org, Token: s.Token.Reveal()}
}

// Address is where the server listens, "127.0.0.1:port".
func (s Server) Address() string { return strings.TrimPrefix(s.URL, "http://") }

// NewBucket makes an empty bucket that keeps data for so long, 0 for ever, and
// returns what it is called: on 1.8 the database's name and "/autogen". It
// returns once the server takes writes for it.
func (s Server) NewBucket(tb testing.TB, name string, keep time.Duration) string {
	tb.Helper()
	var err error
	switch {
	case s.Two:
		err = s.owner().NewBucket(tb.Context(), name, keep)
	default:
		if err = procs.CreateDatabase(tb.Context(), s.URL, name); err == nil && keep > 0 {
			err = procs.KeepFor(tb.Context(), s.URL, name, keep)
		}
		name += "/autogen"
	}
	if err != nil {
		tb.Fatal(err)
	}
	return name
}
