//go:build integration

package influx_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"presage"
	"presage/internal/influx"
	"presage/internal/influx/influxtest"
	"presage/internal/storetest"
)

// InfluxDB 1.8 has no API to set it up: the commands that are named instead
// must be ones that it takes.
func TestTheCommandsForOneEightAreTaken(t *testing.T) {
	t.Parallel()
	db := influxtest.Start(t)
	c := db.Config()
	c.Bucket = "fleet/autogen"
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

// ask calls the API of InfluxDB 2 as its owner (what is "GET /path") and decodes the answer.
func ask(t *testing.T, db influxtest.Server, what string, body, into any) {
	t.Helper()
	method, path, _ := strings.Cut(what, " ")
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(t.Context(), method, db.URL+path, bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Token "+db.Token.Reveal())
	r.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode/100 != 2 {
		t.Fatalf("%s %s: %s %s (%v)", method, path, resp.Status, answer, err)
	}
	if err := json.Unmarshal(answer, into); err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
}

// What SetUp makes on InfluxDB 2 is there with the retention that was asked
// for, a second run changes nothing, and the task computes the means.
func TestSetUpOnInfluxDB2(t *testing.T) {
	t.Parallel()
	db := influxtest.Start2(t)
	c := db.Config()
	c.Bucket = "fleet"
	wanted := influx.Wanted{Retention: 9600 * time.Hour, Downsample: time.Hour, DownsampleRetention: 96_000 * time.Hour}
	out, err := influx.SetUp(t.Context(), c, wanted)
	if err != nil {
		t.Fatal(err)
	}
	want := influx.Outcome{Version: "2.7.12", Done: []string{
		"created bucket fleet kept for 9600h", "created bucket fleet_1h kept for 96000h", "created task presage means of fleet",
	}}
	if diff := cmp.Diff(want, out); diff != "" {
		t.Errorf("set up (-want +got):\n%s", diff)
	}
	var buckets struct {
		Buckets []struct {
			Name  string `json:"name"`
			Rules []struct {
				Seconds int64 `json:"everySeconds"`
			} `json:"retentionRules"`
		} `json:"buckets"`
	}
	ask(t, db, "GET /api/v2/buckets", nil, &buckets)
	keeps := map[string]int64{}
	for _, b := range buckets.Buckets {
		if strings.HasPrefix(b.Name, "fleet") && len(b.Rules) == 1 {
			keeps[b.Name] = b.Rules[0].Seconds
		}
	}
	if diff := cmp.Diff(map[string]int64{"fleet": 34_560_000, "fleet_1h": 345_600_000}, keeps); diff != "" { // hours x 3,600
		t.Errorf("retention in seconds (-want +got):\n%s", diff)
	}
	if out, err = influx.SetUp(t.Context(), c, wanted); err != nil || len(out.Done)+len(out.Todo) != 0 {
		t.Errorf("the second run: %+v, %v; want nothing done or to do", out, err)
	}
	wanted.Retention = 480 * time.Hour
	if out, err = influx.SetUp(t.Context(), c, wanted); err != nil ||
		cmp.Diff([]string{"bucket fleet is kept for 480h; it was kept for 9600h"}, out.Done) != "" {
		t.Errorf("a shorter retention: %+v, %v", out, err)
	}
	means(t, db, c)
}

// means writes 10, 20 and 60 into one hour and runs the task: their mean is 30.
func means(t *testing.T, db influxtest.Server, c influx.Config) {
	t.Helper()
	s := open(t, c)
	hour := time.Now().UTC().Truncate(time.Hour).Add(-3 * time.Hour)
	for i, speed := range []float64{10, 20, 60} {
		if err := s.Write(t.Context(), []presage.Sample{{
			VIN: storetest.VIN(1), Time: hour.Add(time.Duration(1+i) * time.Minute),
			Readings: []presage.Reading{
				storetest.Reading("Vehicle.Speed", presage.Number(speed)), storetest.Reading("State", presage.String("ON")),
			},
		}}); err != nil {
			t.Fatal(err)
		}
	}
	var tasks struct {
		Tasks []struct {
			ID string `json:"id"`
		} `json:"tasks"`
	}
	ask(t, db, "GET /api/v2/tasks?name="+url.QueryEscape("presage means of fleet"), nil, &tasks)
	if len(tasks.Tasks) != 1 {
		t.Fatalf("%d tasks, want 1", len(tasks.Tasks))
	}
	runs := "/api/v2/tasks/" + tasks.Tasks[0].ID + "/runs"
	ask(t, db, "POST "+runs, map[string]any{}, &struct{}{})
	c.Bucket = "fleet_1h"
	var got []presage.Sample
	// Not the run but its means are waited for: the server moves a run that has
	// ended to another place, and for a moment finds it at neither.
	for means, deadline := open(t, c), time.Now().Add(time.Minute); len(got) == 0; {
		if time.Now().After(deadline) {
			var all json.RawMessage
			ask(t, db, "GET "+runs, nil, &all)
			t.Fatalf("no means after a minute; the task's runs: %s", all)
		}
		got = storetest.Collect(t, means.Scan(t.Context(), storetest.VIN(1), hour, hour.Add(2*time.Hour)))
	}
	want := []presage.Sample{{
		VIN: storetest.VIN(1), Time: hour.Add(time.Hour), // a mean stands at the end of its window
		Readings: []presage.Reading{storetest.Reading("Vehicle.Speed", presage.Number(30))},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("means (-want +got):\n%s", diff)
	}
}
