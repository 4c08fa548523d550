package calendar_test

import (
	"bytes"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"presage"
	"presage/outreach/calendar"
)

func open(t *testing.T) (*calendar.Calendar, *bytes.Buffer) {
	t.Helper()
	var out bytes.Buffer
	c, err := calendar.Open(slog.New(slog.NewTextHandler(&out, nil)))
	if err != nil {
		t.Fatal(err)
	}
	return c, &out
}

// daysOf lists a year's holidays that are no Saturday or Sunday.
func daysOf(c *calendar.Calendar, country string, year int) []string {
	var list []string
	for d := time.Date(year, 1, 1, 12, 0, 0, 0, time.UTC); d.Year() == year; d = d.AddDate(0, 0, 1) {
		weekend := d.Weekday() == time.Saturday || d.Weekday() == time.Sunday
		if c.Holiday(country, d) && !weekend {
			list = append(list, d.Format("01-02"))
		}
	}
	return list
}

// What python-holidays 0.109 (github.com/vacanza/holidays) lists of weekdays for the
// same years: China as announced by the State Council, and as the law fixes it.
func TestHolidays(t *testing.T) {
	t.Parallel()
	c, _ := open(t)
	for _, tc := range []struct {
		country string
		year    int
		days    string
	}{
		{"CN", 2025, "01-01 01-28 01-29 01-30 01-31 02-03 02-04 04-04 05-01 05-02 05-05 06-02 10-01 10-02 10-03 10-06 10-07 10-08"},
		{"CN", 2026, "01-01 01-02 02-16 02-17 02-18 02-19 02-20 02-23 04-06 05-01 05-04 05-05 06-19 09-25 10-01 10-02 10-05 10-06 10-07"},
		{"DE", 2026, "01-01 04-03 04-06 05-01 05-14 05-25 12-25"},
		{"DE", 2027, "01-01 03-26 03-29 05-06 05-17"},
		{"US", 2026, "01-01 01-19 02-16 05-25 06-19 07-03 09-07 10-12 11-11 11-26 12-25"},
		{"US", 2027, "01-01 01-18 02-15 05-31 06-18 07-05 09-06 10-11 11-11 11-25 12-24 12-31"},
		{"GB", 2026, "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28"},
		{"GB", 2027, "01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28"},
		{"FR", 2026, "01-01 04-06 05-01 05-08 05-14 05-25 07-14 11-11 12-25"},
		{"FR", 2027, "01-01 03-29 05-06 05-17 07-14 11-01 11-11"},
		{"JP", 2026, "01-01 01-12 02-11 02-23 03-20 04-29 05-04 05-05 05-06 07-20 08-11 09-21 09-22 09-23 10-12 11-03 11-23"},
		{"JP", 2027, "01-01 01-11 02-11 02-23 03-22 04-29 05-03 05-04 05-05 07-19 08-11 09-20 09-23 10-11 11-03 11-23"},
		{"NZ", 2026, "01-01 01-02 02-06 04-03 04-06 04-27 06-01 07-10 10-26 12-25 12-28"},
		{"AT", 2027, "01-01 01-06 03-29 05-06 05-17 05-27 10-26 11-01 12-08"},
		{"PL", 2026, "01-01 01-06 04-06 05-01 06-04 11-11 12-24 12-25"},
	} {
		if diff := cmp.Diff(strings.Fields(tc.days), daysOf(c, tc.country, tc.year)); diff != "" {
			t.Errorf("%s %d (-want +got):\n%s", tc.country, tc.year, diff)
		}
	}
}

// The days that the law fixes of years that are not announced, by the same list
// without what it calls observed.
func TestChinasDaysOfTheLaw(t *testing.T) {
	t.Parallel()
	c, _ := open(t)
	for year, days := range map[int]string{
		2027: "01-01 02-05 02-06 02-07 02-08 04-05 05-01 05-02 06-09 09-15 10-01 10-02 10-03",
		2028: "01-01 01-25 01-26 01-27 01-28 04-04 05-01 05-02 05-28 10-01 10-02 10-03",
		2029: "01-01 02-12 02-13 02-14 02-15 04-04 05-01 05-02 06-16 09-22 10-01 10-02 10-03",
		2030: "01-01 02-02 02-03 02-04 02-05 04-05 05-01 05-02 06-05 09-12 10-01 10-02 10-03",
	} {
		var have []string
		for d := time.Date(year, 1, 1, 12, 0, 0, 0, time.UTC); d.Year() == year; d = d.AddDate(0, 0, 1) {
			if c.Holiday("CN", d) {
				have = append(have, d.Format("01-02"))
			}
		}
		if diff := cmp.Diff(strings.Fields(days), have); diff != "" {
			t.Errorf("%d (-want +got):\n%s", year, diff)
		}
	}
}

// The weekends inside the row of days that the State Council announced on 4 November
// 2025, and the Saturdays and Sundays that it makes working days.
func TestWeekendsAroundChinasHolidays(t *testing.T) {
	t.Parallel()
	c, _ := open(t)
	for day, want := range map[string]bool{
		"2026-02-15": true, "2026-02-21": true, "2026-02-22": true, "2026-05-03": true, "2026-10-04": true,
		"2026-02-14": false, "2026-02-28": false, "2026-05-09": false, "2026-09-20": false, "2026-10-10": false,
		"2026-11-28": false,
	} {
		at, err := time.Parse(time.DateOnly, day)
		if err != nil {
			t.Fatal(err)
		}
		if c.Holiday("CN", at) != want {
			t.Errorf("%s is a holiday: %v, want %v", day, !want, want)
		}
	}
}

// What is missing is said once a country and year.
func TestMissingDaysAreSaid(t *testing.T) {
	t.Parallel()
	c, log := open(t)
	day := time.Date(2027, 3, 1, 0, 0, 0, 0, time.UTC)
	for range 3 {
		for _, country := range []string{"CN", "SG", "DE", ""} {
			c.Holiday(country, day)
		}
	}
	c.Holiday("CN", day.AddDate(-1, 0, 0))
	if n := strings.Count(log.String(), "level=WARN"); n != 2 || !strings.Contains(log.String(), "country=CN year=2027") ||
		!strings.Contains(log.String(), "country=SG year=2027") {
		t.Errorf("the log says %s", log)
	}
}

func TestPlaces(t *testing.T) {
	t.Parallel()
	c, _ := open(t)
	for name, tc := range map[string]struct {
		customer presage.Customer
		country  string
		zones    int // of tzdata 2025b's zone.tab
		has      []string
	}{
		"a zone":              {presage.Customer{Zone: "Europe/Berlin", Phone: "+8613800000001"}, "DE", 1, []string{"Europe/Berlin"}},
		"an older name":       {presage.Customer{Zone: "US/Pacific"}, "US", 1, []string{"US/Pacific"}},
		"no country's zone":   {presage.Customer{Zone: "UTC", Phone: "+8613800000001"}, "CN", 1, []string{"UTC"}},
		"a number":            {presage.Customer{Phone: "+8613800000001"}, "CN", 2, []string{"Asia/Shanghai", "Asia/Urumqi"}},
		"a number in Canada":  {presage.Customer{Phone: "+16135550123"}, "CA", 23, []string{"America/St_Johns", "America/Vancouver"}},
		"a number in Russia":  {presage.Customer{Phone: "+79123456789"}, "RU", 26, []string{"Europe/Kaliningrad", "Asia/Kamchatka"}},
		"a zone that is none": {presage.Customer{Zone: "Mars/Base", Phone: "+4915112340001"}, "DE", 2, []string{"Europe/Berlin"}},
		"nothing":             {presage.Customer{}, "NZ", 2, []string{"Pacific/Auckland", "Pacific/Chatham"}},
	} {
		places := c.Places(tc.customer, []string{"NZ"})
		var zones []string
		for _, p := range places {
			zones = append(zones, p.Zone.String())
			if p.Country != tc.country {
				t.Errorf("%s: country %q, want %q", name, p.Country, tc.country)
			}
		}
		for _, want := range tc.has {
			if !slices.Contains(zones, want) {
				t.Errorf("%s: %v lacks %s", name, zones, want)
			}
		}
		if len(zones) != tc.zones {
			t.Errorf("%s: %d zones, want %d: %v", name, len(zones), tc.zones, zones)
		}
	}
	if p := c.Places(presage.Customer{}, nil); len(p) != 1 || p[0].Zone != time.UTC {
		t.Errorf("without any country: %v", p)
	}
}
