package calendar

import (
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/rickar/cal/v2"
)

// Calendar knows zones and public holidays. Make it with Open; it is safe for use
// by several goroutines.
type Calendar struct {
	zones *zones
	tells map[string]told // by country
	log   *slog.Logger

	mu    sync.Mutex
	years map[year]map[string]bool // public holidays "01-02" of a year
}

// year is one of a country.
type year struct {
	country string
	year    int
}

// Open reads what is embedded; an error is a fault of the program.
func Open(log *slog.Logger) (*Calendar, error) {
	tells, err := readTold(holidayTable)
	if err != nil {
		return nil, fmt.Errorf("holidays.yaml: %w", err)
	}
	return &Calendar{zones: readZones(zoneTable), tells: tells, log: log, years: map[year]map[string]bool{}}, nil
}

// Holiday tells whether the day of local is a public holiday in a country. What
// is not known is none.
func (c *Calendar) Holiday(country string, local time.Time) bool {
	if country == "" {
		return false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	y := year{country, local.Year()}
	days, known := c.years[y]
	if !known {
		days = c.daysOf(y)
		c.years[y] = days
	}
	return days[local.Format(dayForm)]
}

const dayForm = "01-02"

// daysOf gathers the holidays of a year, and says so when they are not all known.
func (c *Calendar) daysOf(y year) map[string]bool {
	days := map[string]bool{}
	rules, ruled := ruled()[y.country]
	for _, shared := range rules {
		h := *shared                                               // the library writes to some of them
		for _, of := range []int{y.year - 1, y.year, y.year + 1} { // 1 January may be observed on 31 December
			byRule(days, &h, of, y.year)
		}
	}
	extra, told := c.tells[y.country]
	days, complete := extra.add(days, y.year)
	attrs := []any{"country", y.country, "year", y.year}
	switch {
	case !ruled && !told:
		c.log.Warn("no public holidays are known of a country: none are kept; "+
			"quiet_hours.holidays.add of the policy names days", attrs...)
	case !complete:
		c.log.Warn("the public holidays of a year are not announced in this program's data: "+
			"only the days that the law fixes are kept; quiet_hours.holidays of the policy adds and removes days", attrs...)
	}
	return days
}

// byRule adds the day of a holiday, and the one on which it is observed.
func byRule(days map[string]bool, h *cal.Holiday, of, year int) {
	actual, observed := h.Calc(of)
	for _, day := range []time.Time{actual, observed} {
		if !day.IsZero() && day.Year() == year {
			days[day.Format(dayForm)] = true
		}
	}
}
