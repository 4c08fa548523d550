package rules

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Holidays are whole days without offers and warnings, by the customer's clock.
// What is a matter of safety goes out all the same, and so does what a customer
// waits for: answers, news of a visit that they booked, what a person writes.
type Holidays struct {
	Public bool `json:"public"` // public holidays of the customer's country; false: those added alone
	// Add and Remove are days of a country, "CN 2026-12-25" or "DE 2026-12-24/2026-12-26".
	// A day that is in both is none.
	Add    []string `json:"add"`
	Remove []string `json:"remove"`
}

func (h Holidays) clone() Holidays {
	h.Add, h.Remove = append([]string{}, h.Add...), append([]string{}, h.Remove...)
	return h
}

// Said is what the operator says of the day of local in a country: a holiday, none,
// or nothing (said is false).
func (h Holidays) Said(country string, local time.Time) (holiday, said bool) {
	day := local.Format(time.DateOnly)
	has := func(text string) bool {
		d, ok := parseDays(text)
		return ok && d.country == country && d.from <= day && day <= d.to
	}
	switch {
	case slices.ContainsFunc(h.Remove, has):
		return false, true
	case slices.ContainsFunc(h.Add, has):
		return true, true
	}
	return false, !h.Public
}

// days are some days of a country, as the calendar writes them.
type days struct{ country, from, to string }

// mostDays bounds what one line adds or removes.
const mostDays = 31

func parseDays(text string) (days, bool) {
	country, span, _ := strings.Cut(text, " ")
	from, to, more := strings.Cut(span, "/")
	if !more {
		to = from
	}
	first, errFrom := time.Parse(time.DateOnly, from)
	last, errTo := time.Parse(time.DateOnly, to)
	ok := errFrom == nil && errTo == nil && countryForm.MatchString(country) &&
		!last.Before(first) && last.Sub(first) < mostDays*day
	return days{country, from, to}, ok
}

var countryForm = regexp.MustCompile(`^[A-Z]{2}$`)

// checkDays names what is wrong with the days and countries of quiet hours.
func (q Quiet) checkDays(k *checker) {
	for _, x := range []struct {
		field string
		list  []string
	}{{"add", q.Holidays.Add}, {"remove", q.Holidays.Remove}} {
		field := "quiet_hours.holidays." + x.field
		k.that(len(x.list) <= 1000, field, "1000 lines at most")
		for i, text := range x.list {
			_, ok := parseDays(text)
			k.that(ok, field+"["+strconv.Itoa(i)+"]",
				"a country and its day, or at most 31 days: CN 2026-12-25, DE 2026-12-24/2026-12-26")
		}
	}
	for i, country := range q.Elsewhere {
		k.that(countryForm.MatchString(country), "quiet_hours.elsewhere["+strconv.Itoa(i)+"]",
			"a country of two capital letters, such as CN")
	}
}
