//go:build integration

package influx_test

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"presage/internal/influx"
	"presage/internal/influx/influxtest"
)

// InfluxDB 1.8 has no API to set it up: the commands that are named instead
// must be ones that it takes.
func TestTheCommandsForOneEightAreTaken(t *testing.T) {
	t.Parallel()
	db := influxtest.Start(t)
	c := influx.Config{URL: db.URL, Bucket: "fleet/autogen"}
	out, err := influx.SetUp(t.Context(), c, influx.Wanted{
		Retention: 400 * 24 * time.Hour, Downsample: time.Hour, DownsampleRetention: 4000 * 24 * time.Hour,
	})
	if err != nil || !out.Old || len(out.Todo) != 4 {
		t.Fatalf("%+v, %v; want an old server and four commands", out, err)
	}
	for _, command := range out.Todo {
		resp, err := http.PostForm(db.URL+"/query", url.Values{"q": {command}})
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil || resp.StatusCode != http.StatusOK || strings.Contains(string(body), "error") {
			t.Errorf("%s: %s %s (%v)", command, resp.Status, body, err)
		}
	}
	s, err := influx.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.Ready(t.Context()); err != nil {
		t.Error(err)
	}
}
