package presage_test

import (
	"bytes"
	"errors"
	"log/slog"
	"math"
	"strings"
	"testing"
	"time"

	"presage"
)

// Land's End to John o' Groats are 968.9 km as the crow flies: the example of the
// haversine formula at movable-type.co.uk/scripts/latlong.html.
func TestPublishedDistance(t *testing.T) {
	t.Parallel()
	degrees := func(d, m, s float64) float64 { return d + m/60 + s/3600 }
	from := presage.Place{Lat: degrees(50, 3, 59), Lon: -degrees(5, 42, 53)}
	to := presage.Place{Lat: degrees(58, 38, 38), Lon: -degrees(3, 4, 12)}
	if km := float64(from.To(to)); math.Abs(km-968.9) > 0.05 {
		t.Errorf("%.2f km, want 968.9", km)
	}
}

// At 30 km/h 7.5 km take a quarter of an hour.
func TestDrive(t *testing.T) {
	t.Parallel()
	for km, want := range map[presage.Kilometre]time.Duration{
		0: 15 * time.Minute, 7.5: 15 * time.Minute, 7.6: 30 * time.Minute, 15: 30 * time.Minute, 22.6: time.Hour,
	} {
		if got := (presage.Site{Km: km}).Drive(); got != want {
			t.Errorf("%v km: %s, want %s", km, got, want)
		}
	}
}

func TestAddresses(t *testing.T) {
	t.Parallel()
	for text, good := range map[string]bool{
		"5 Elm Street": true, "世纪大道1188号": true, "": false, " ": false, "a\nb": false,
		strings.Repeat("路", 200): true, strings.Repeat("路", 201): false,
	} {
		if err := presage.Address(text).Check(); (err == nil) != good || err != nil && !errors.Is(err, presage.ErrInvalid) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestNoAddressInALog(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	x := presage.Site{Place: presage.Place{Lat: 52.6123, Lon: 13.4056}, Km: 10, Address: "5 Elm Street"}
	slog.New(slog.NewTextHandler(&out, nil)).Info("van", "site", x, "pointer", &x, "address", x.Address)
	for _, secret := range []string{"Elm", "52.6", "13.4"} {
		if strings.Contains(out.String(), secret) {
			t.Errorf("the log says %q: %s", secret, out.String())
		}
	}
}

func TestVansAreNamed(t *testing.T) {
	t.Parallel()
	if id, van := presage.SplitVan(presage.VansOf("w1")); id != "w1" || !van {
		t.Errorf("%q %v", id, van)
	}
	if id, van := presage.SplitVan("w1"); id != "w1" || van {
		t.Errorf("%q %v", id, van)
	}
	if !presage.ByVan("w1/van@1796004001") || presage.ByVan("w1@1796004001") || presage.ByVan("") {
		t.Error("slots of vans are not told from others")
	}
	at := presage.Booking{WorkshopID: "w1"}
	if at.Where() != "w1" {
		t.Error(at.Where())
	}
	at.Site = &presage.Site{}
	if at.Where() != "w1/van" {
		t.Error(at.Where())
	}
}
