package config_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"presage"
	"presage/cmd/presage/config"
)

func TestSize(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]config.Size{
		"0": 0, "1000": 1000, "4KiB": 4096, "512MiB": 512 << 20, "10GiB": 10 << 30, "10 GiB": 10 << 30, "2TiB": 2 << 40,
	} {
		got, err := config.ParseSize(text)
		if err != nil || got != want {
			t.Errorf("%q is %d, %v; want %d", text, got, err, want)
		}
		if again, err := config.ParseSize(got.String()); err != nil || again != want {
			t.Errorf("%q prints as %q, which is %d, %v", text, got, again, err)
		}
	}
	for _, text := range []string{"", "iB", "-1", "1.5GiB", "10GB", "10PiB", "GiB", "9999999999999TiB", "1e9"} {
		if n, err := config.ParseSize(text); !errors.Is(err, presage.ErrInvalid) {
			t.Errorf("%q is %d, %v; want an ErrInvalid", text, n, err)
		}
	}
}

func TestAge(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]time.Duration{"0": 0, "0d": 0, "400d": 9600 * time.Hour, "36h": 36 * time.Hour} {
		got, err := config.ParseAge(text)
		if err != nil || time.Duration(got) != want {
			t.Errorf("%q is %v, %v; want %v", text, got, err, want)
		}
		if again, err := config.ParseAge(got.String()); err != nil || again != got {
			t.Errorf("%q prints as %q, which is %v, %v", text, got, again, err)
		}
	}
	for _, text := range []string{"", "d", "-1d", "-1h", "1.5d", "70000d", "1y", "400"} {
		if a, err := config.ParseAge(text); !errors.Is(err, presage.ErrInvalid) {
			t.Errorf("%q is %v, %v; want an ErrInvalid", text, a, err)
		}
	}
}

// The keys of the stores: what fits to nothing is a fault that says so.
func TestStoreKeys(t *testing.T) {
	t.Parallel()
	const db = "http://127.0.0.1:8086"
	e, err := config.Load(t.Context(), nil, nil, map[string]string{
		"influx.url": db, "ingest.spool": "10GiB", "backup.dir": "/backups",
	})
	if err != nil || e.Ingest.Spool != 10<<30 || e.Backup.Dir != "/backups" {
		t.Errorf("spool %v, backup %q, %v", e.Ingest.Spool, e.Backup.Dir, err)
	}
	if e, err = config.Load(t.Context(), nil, nil, map[string]string{"store.retention": "400d"}); err != nil ||
		e.Store.Retention.String() != "400d" {
		t.Errorf("retention %v, %v", e.Store.Retention, err)
	}
	for _, flags := range []map[string]string{
		{"ingest.spool": "10GiB"},
		{"influx.url": db, "ingest.spool": "1MiB"},
		{"influx.url": db, "store.retention": "400d"},
		{"store.retention": "2h"},
		{"store.retention": "400"},
		{"ingest.spool": "lots"},
	} {
		if _, err := config.Load(t.Context(), nil, nil, flags); err == nil {
			t.Errorf("%v is accepted", flags)
		} else {
			t.Log(err)
		}
	}
}

// Behind the embedded broker nobody holds what vehicles send while InfluxDB is
// away, so the spool does unless it is turned off.
func TestTheSpoolIsOnWhereNobodyElseHolds(t *testing.T) {
	t.Parallel()
	const db, outside = "http://127.0.0.1:8086", "mqtt://127.0.0.1:1884"
	for name, c := range map[string]struct {
		flags map[string]string
		want  config.Size
	}{
		"embedded store":            {map[string]string{}, 0},
		"InfluxDB":                  {map[string]string{"influx.url": db}, 10 << 30},
		"InfluxDB, another size":    {map[string]string{"influx.url": db, "ingest.spool": "1GiB"}, 1 << 30},
		"InfluxDB, off":             {map[string]string{"influx.url": db, "ingest.spool": "0"}, 0},
		"InfluxDB, external broker": {map[string]string{"influx.url": db, "mqtt.broker": outside}, 0},
	} {
		e, err := config.Load(t.Context(), nil, nil, c.flags)
		if err != nil || e.Ingest.Spool != c.want {
			t.Errorf("%s: %v, %v; want %v", name, e.Ingest.Spool, err, c.want)
			continue
		}
		if name != "InfluxDB" {
			continue
		}
		if out := printed(t, e); !strings.Contains(out, `  spool: "10GiB" # default`) {
			t.Errorf("it is not shown:\n%s", out)
		}
	}
}
