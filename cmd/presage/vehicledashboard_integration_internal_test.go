//go:build integration

package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"presage"
	"presage/internal/influx/influxtest"
)

// The queries of a Grafana dashboard over InfluxDB.
type fluxBoard struct {
	Panels []struct {
		Title   string `json:"title"`
		Targets []struct {
			Query string `json:"query"`
		} `json:"targets"`
	} `json:"panels"`
	Templating struct {
		List []struct {
			Name  string          `json:"name"`
			Type  string          `json:"type"`
			Query json.RawMessage `json:"query"`
		} `json:"list"`
	} `json:"templating"`
}

// queries are all of them by a name to tell them by.
func (b fluxBoard) queries(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, v := range b.Templating.List {
		if v.Type != "query" {
			continue
		}
		var text string
		if err := json.Unmarshal(v.Query, &text); err != nil {
			t.Fatal(err)
		}
		out["variable "+v.Name] = text
	}
	for _, p := range b.Panels {
		for i, target := range p.Targets {
			out[fmt.Sprintf("%s, query %d", p.Title, i+1)] = target.Query
		}
	}
	return out
}

// Every query of the vehicle's dashboard finds what the service has written:
// as measured, rolled up and foretold. What is foretold while InfluxDB is away
// gets there when it is back.
func TestTheVehicleDashboardShowsWhatIsThere(t *testing.T) {
	t.Parallel()
	influxtest.Each(t, vehicleDashboard)
}

func vehicleDashboard(t *testing.T, db influxtest.Server) {
	t.Helper()
	text, err := os.ReadFile("../../deploy/grafana/vehicle.json")
	if err != nil {
		t.Fatal(err)
	}
	var board fluxBoard
	if err := json.Unmarshal(text, &board); err != nil {
		t.Fatal(err)
	}
	queries := board.queries(t)
	if len(queries) < 15 {
		t.Fatalf("%d queries only: %v", len(queries), queries)
	}
	s := serve(t, "--data", t.TempDir(), "--set", "influx.url="+db.URL, "--set", "influx.bucket="+db.Bucket,
		"--set", "influx.org="+db.Org, "--set", "influx.token="+db.Token.Reveal())
	publishWear(t, s, wearing, time.Now(), everythingElse())
	for name, query := range queries {
		boardQuery{name, query, wearing}.finds(t, s, db)
	}

	db.Stop()
	publishWear(t, s, car(3), time.Now(), "") // spooled, for the embedded broker is in front of InfluxDB
	db.Again(t)
	for _, measurement := range []string{"telemetry", "rollup", "prognosis"} {
		boardQuery{measurement + " of a car that came while InfluxDB was away", fmt.Sprintf(
			"from(bucket: \"${bucket}\")\n  |> range(start: v.timeRangeStart, stop: v.timeRangeStop)\n"+
				"  |> filter(fn: (r) => r._measurement == %q and r.vin == \"${vin}\")", measurement), car(3)}.finds(t, s, db)
	}
}

// everythingElse is what publishWear does not send but the dashboard shows.
func everythingElse() string {
	var b strings.Builder
	for name, value := range map[string]float64{
		presage.SignalTyreFrontLeft: 248, presage.SignalTyreFrontRight: 249, presage.SignalTyreRearLeft: 250,
		presage.SignalTyreRearRight: 251, presage.SignalTyreTempFrontLeft: 20, presage.SignalBattery12V: 13.9,
		presage.SignalStateOfCharge: 61, presage.SignalPackTempMax: 24, presage.SignalPackTempMin: 22,
		presage.SignalPackVoltage: 350, presage.SignalPackCurrent: -20,
	} {
		fmt.Fprintf(&b, ",%q:%g", name, value)
	}
	return b.String()
}

// finds waits until q's query returns rows.
func (q boardQuery) finds(t *testing.T, s *service, db influxtest.Server) {
	t.Helper()
	var rows int
	var answer string
	s.eventually(q.name, func() bool {
		rows, answer = q.ask(t, db)
		return rows > 0
	}, func() string { return answer + "\n" + q.text })
}

// boardQuery is a query as the dashboard holds it, for one vehicle.
type boardQuery struct {
	name, text string
	vin        presage.VIN
}

// ask runs the query as Grafana would and counts the rows of the answer.
func (q boardQuery) ask(t *testing.T, db influxtest.Server) (rows int, answer string) {
	t.Helper()
	flux := strings.NewReplacer("${bucket}", db.Bucket, "${vin}", string(q.vin),
		"${component}", string(presage.BrakePadsFront)).Replace(q.text)
	imports, rest := "", flux
	if strings.HasPrefix(flux, "import ") {
		imports, rest, _ = strings.Cut(flux, "\n\n")
	}
	flux = imports + "\noption v = {timeRangeStart: -90d, timeRangeStop: 1h, windowPeriod: 1h}\n" + rest
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost,
		db.URL+"/api/v2/query?org="+url.QueryEscape(db.Org), strings.NewReader(flux))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Token "+db.Token.Reveal())
	r.Header.Set("Content-Type", "application/vnd.flux")
	r.Header.Set("Accept", "application/csv")
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, err.Error() // it is being started again
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK || strings.HasPrefix(string(text), "error,") {
		return 0, fmt.Sprintf("%s %s (%v)", resp.Status, text, err)
	}
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, ",result,") {
			rows++
		}
	}
	return rows, string(text)
}
