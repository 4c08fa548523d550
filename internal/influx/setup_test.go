package influx_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"presage"
	"presage/internal/influx"
)

// two is as much of the API of InfluxDB 2 as setting up needs; paths, bodies
// and error codes are those of its OpenAPI description (influxdb/v2 oss.yml).
type two struct {
	version string
	deny    bool // reading is allowed, writing is not
	buckets map[string]map[string]any
	tasks   []map[string]any
}

func (s *two) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body := map[string]any{}
	if r.Method != http.MethodGet {
		if s.deny {
			answer(w, http.StatusForbidden, map[string]any{"code": "forbidden", "message": "insufficient permissions for write"})
			return
		}
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
			answer(w, http.StatusBadRequest, map[string]any{"code": "invalid", "message": err.Error()})
			return
		}
	}
	if s.version == "1.8.10" && r.URL.Path != "/health" {
		http.NotFound(w, r) // as 1.8.10 answers /api/v2/orgs
		return
	}
	switch r.Method + " " + r.URL.Path {
	case "GET /health":
		answer(w, http.StatusOK, map[string]any{"name": "influxdb", "status": "pass", "version": s.version})
	case "GET /api/v2/orgs":
		answer(w, http.StatusOK, map[string]any{"orgs": []any{map[string]any{"id": "0000000000000001", "name": "presage"}}})
	case "GET /api/v2/buckets":
		b, ok := s.buckets[r.URL.Query().Get("name")]
		if !ok {
			answer(w, http.StatusNotFound, map[string]any{"code": "not found", "message": "bucket not found"})
			return
		}
		answer(w, http.StatusOK, map[string]any{"buckets": []any{b}})
	case "POST /api/v2/buckets":
		body["id"] = body["name"]
		s.buckets[body["name"].(string)] = body
		answer(w, http.StatusCreated, body)
	case "GET /api/v2/tasks":
		answer(w, http.StatusOK, map[string]any{"tasks": append([]map[string]any{}, s.tasks...)})
	case "POST /api/v2/tasks":
		body["id"], body["name"] = "0000000000000009", "t"
		s.tasks = append(s.tasks, body)
		answer(w, http.StatusCreated, body)
	default:
		if id, ok := strings.CutPrefix(r.URL.Path, "/api/v2/buckets/"); ok && r.Method == http.MethodPatch {
			s.buckets[id]["retentionRules"] = body["retentionRules"]
			answer(w, http.StatusOK, s.buckets[id])
			return
		}
		answer(w, http.StatusNotFound, map[string]any{"code": "not found", "message": "path not found"})
	}
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(body); err != nil {
		panic(err)
	}
}

func setUp(t *testing.T, s *two, bucket string, w influx.Wanted) influx.Outcome {
	t.Helper()
	server := httptest.NewServer(s)
	defer server.Close()
	out, err := influx.SetUp(t.Context(), influx.Config{URL: server.URL, Token: "t", Org: "presage", Bucket: bucket}, w)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestSetUpMakesWhatIsMissingOnce(t *testing.T) {
	t.Parallel()
	s := &two{version: "v2.7.12", buckets: map[string]map[string]any{}}
	want := influx.Wanted{Retention: 400 * 24 * time.Hour, Downsample: time.Hour}
	out := setUp(t, s, "fleet", want)
	done := []string{
		"created bucket fleet kept for 9600h", "created bucket fleet_1h kept for ever", "created task presage means of fleet",
	}
	if diff := cmp.Diff(influx.Outcome{Version: "2.7.12", Done: done}, out); diff != "" {
		t.Error(diff)
	}
	rule := s.buckets["fleet"]["retentionRules"].([]any)[0].(map[string]any)
	if rule["everySeconds"] != 34_560_000.0 || rule["type"] != "expire" { // 400 x 86,400
		t.Errorf("retention rule %v", rule)
	}
	flux, _ := s.tasks[0]["flux"].(string)
	for _, part := range []string{
		`every: 1h, offset: 5m`, `from(bucket: "fleet")`, `date.truncate(t: -72h, unit: 1h)`,
		`r._measurement == "telemetry"`, `to(bucket: "fleet_1h")`,
	} {
		if !strings.Contains(flux, part) {
			t.Errorf("the task lacks %s:\n%s", part, flux)
		}
	}
	if again := setUp(t, s, "fleet", want); len(again.Done)+len(again.Todo) != 0 {
		t.Errorf("the second run changed %v, asks for %v", again.Done, again.Todo)
	}
	want.Retention = 24 * time.Hour
	if out := setUp(t, s, "fleet", want); cmp.Diff([]string{
		"bucket fleet is kept for 24h; it was kept for 9600h",
	}, out.Done) != "" {
		t.Errorf("shorter retention: %v", out.Done)
	}
}

// A token for reading and writing alone is what a careful owner gives.
func TestSetUpSaysWhatAPersonMustDo(t *testing.T) {
	t.Parallel()
	s := &two{version: "2.7.12", deny: true, buckets: map[string]map[string]any{}}
	out := setUp(t, s, "fleet", influx.Wanted{Retention: 48 * time.Hour, Downsample: time.Hour})
	all := strings.Join(out.Todo, "\n")
	for _, command := range []string{
		"influx bucket create --name fleet --org presage --retention 48h",
		"influx bucket create --name fleet_1h --org presage --retention 0", "influx task create --org presage",
	} {
		if !strings.Contains(all, command) {
			t.Errorf("%q is not among what to do:\n%s", command, all)
		}
	}
	out = setUp(t, &two{version: "1.8.10"}, "fleet/autogen", influx.Wanted{Retention: 48 * time.Hour, Downsample: time.Hour})
	todo := []string{
		`CREATE DATABASE "fleet"`,
		`ALTER RETENTION POLICY "autogen" ON "fleet" DURATION 48h REPLICATION 1`,
		`CREATE RETENTION POLICY "autogen_1h" ON "fleet" DURATION INF REPLICATION 1`,
		`CREATE CONTINUOUS QUERY "presage_means" ON "fleet" RESAMPLE EVERY 1h FOR 72h BEGIN SELECT mean(*) ` +
			`INTO "fleet"."autogen_1h"."telemetry" FROM "fleet"."autogen"."telemetry" GROUP BY time(1h), * END`,
	}
	if diff := cmp.Diff(influx.Outcome{Version: "1.8.10", Old: true, Todo: todo}, out); diff != "" {
		t.Error(diff)
	}
}

func TestSetUpNamesEveryFault(t *testing.T) {
	t.Parallel()
	_, err := influx.SetUp(t.Context(), influx.Config{URL: "ftp://x", Bucket: "b"},
		influx.Wanted{Retention: time.Minute, Downsample: time.Second})
	for _, part := range []string{"url", "influx.retention", "influx.downsample"} {
		if !errors.Is(err, presage.ErrInvalid) || !strings.Contains(err.Error(), part) {
			t.Errorf("%v does not name %s", err, part)
		}
	}
	server := httptest.NewServer(&two{})
	server.Close()
	_, err = influx.SetUp(t.Context(), influx.Config{URL: server.URL, Bucket: "b"}, influx.Wanted{})
	if !errors.Is(err, presage.ErrUnavailable) {
		t.Errorf("nobody there: %v", err)
	}
}
