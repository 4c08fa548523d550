//go:build integration

package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"presage"
	"presage/internal/influx"
	"presage/internal/influx/influxtest"
	"presage/internal/mosquittotest"
	"presage/internal/sqlstore/sqltest"
)

// The same story with every part that can be somebody else's server being one:
// Mosquitto, InfluxDB 1.8 and 2.7, and PostgreSQL.
func TestTelemetryBecomesARepairOnRealServers(t *testing.T) {
	t.Parallel()
	influxtest.Each(t, storyOn)
}

func storyOn(t *testing.T, db influxtest.Server) {
	t.Helper()
	mqtt := mosquittotest.Start(t)
	postgres := sqltest.StartPostgres(t).NewDatabase(t)
	dir, began := t.TempDir(), time.Now()
	story(t, backend{
		args: []string{
			"--data", dir,
			"--set", "mqtt.broker=" + mqtt, "--set", "mqtt.client_id=presage-integration",
			"--set", "influx.url=" + db.URL, "--set", "influx.bucket=" + db.Bucket,
			"--set", "influx.org=" + db.Org, "--set", "influx.token=" + db.Token.Reveal(),
			"--set", "database.url=" + postgres,
		},
		rows: func(tb testing.TB, vin presage.VIN) int64 {
			tb.Helper()
			store, err := influx.Open(tb.Context(), db.Config())
			if err != nil {
				tb.Fatal(err)
			}
			defer store.Close()
			return measuredRows(tb, store, vin)
		},
	})
	for _, name := range []string{"presage.db", "telemetry", "broker"} {
		if _, err := os.Stat(filepath.Join(dir, name)); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s is in the data directory: an embedded part was used (%v)", name, err)
		}
	}
	t.Logf("the story took %v on the real servers", time.Since(began).Round(time.Millisecond))
}
