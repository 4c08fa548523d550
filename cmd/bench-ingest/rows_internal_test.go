package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// influx answers as InfluxDB 1.8.10 does: /debug/vars with a section for each
// listener, and a count of each field with the time before it.
func influx(t *testing.T, written, stored func() int) rows {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/debug/vars":
			_, _ = fmt.Fprintf(w, `{"system":{"currentTime":"now"},"cmdline":["influxd"],
				"httpd::8086":{"name":"httpd","values":{"pointsWrittenOK":%d,"queryReq":3}},
				"write":{"name":"write","values":{"pointReq":7}}}`, written())
		case r.URL.Query().Get("db") != "db":
			_, _ = w.Write([]byte(`{"results":[{"statement_id":0,"error":"database not found"}]}`))
		case stored() == 0:
			_, _ = w.Write([]byte(`{"results":[{"statement_id":0}]}`))
		default:
			_, _ = fmt.Fprintf(w, `{"results":[{"statement_id":0,"series":[{"name":"telemetry",
				"columns":["time","count_a","count_b"],"values":[["1970-01-01T00:00:00Z",%d,%d]]}]}]}`, stored()+2, stored())
		}
	}))
	t.Cleanup(server.Close)
	return rows{url: server.URL, database: "db"}
}

func TestRowsAreThoseOfTheRarestField(t *testing.T) {
	t.Parallel()
	r := influx(t, func() int { return 12 }, func() int { return 5 })
	if n, err := r.written(t.Context()); n != 12 || err != nil {
		t.Errorf("written %d, %v", n, err)
	}
	if n, fields, err := r.stored(t.Context()); n != 5 || fields != 2 || err != nil {
		t.Errorf("stored %d in %d fields, %v", n, fields, err)
	}
	r.database = "another"
	if _, _, err := r.stored(t.Context()); err == nil {
		t.Error("no error for a database that is not there")
	}
	r.url = "http://127.0.0.1:1"
	if _, err := r.written(t.Context()); err == nil {
		t.Error("no error without a server")
	}
}

func TestAwaitCountsOnceEnoughIsWritten(t *testing.T) {
	t.Parallel()
	asked, counted := 0, 0
	r := influx(t, func() int { asked++; return 2 * asked }, func() int { counted++; return 6 })
	n, fields, err := r.await(t.Context(), 6, time.Minute)
	if n != 6 || fields != 2 || err != nil || asked != 3 || counted > 3 { // a count asks the fake three times
		t.Errorf("%d rows, %v; asked %d times, counted %d times", n, err, asked, counted)
	}
}

func TestAwaitGivesUpWithWhatIsThere(t *testing.T) {
	t.Parallel()
	r := influx(t, func() int { return 4 }, func() int { return 4 })
	if n, _, err := r.await(t.Context(), 6, time.Millisecond); n != 4 || err != nil {
		t.Errorf("%d rows, %v", n, err)
	}
	r = influx(t, func() int { return 0 }, func() int { return 0 })
	if n, _, err := r.await(t.Context(), 6, time.Millisecond); n != 0 || err != nil {
		t.Errorf("nothing at all: %d rows, %v", n, err)
	}
}
