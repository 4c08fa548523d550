package rest

import (
	"fmt"
	"maps"
	"net/mail"
	"regexp"
	"slices"

	"presage"
)

var currencyForm = regexp.MustCompile(`^[A-Z]{3}$`)

// shown checks what customers are shown of a workshop.
func (c *fleetCheck) shown(where string, w presage.Workshop) {
	if w.Email != "" {
		if a, err := mail.ParseAddress(w.Email); err != nil || a.Address != w.Email {
			c.bad(where+".email", "%.64q is not an address, want one like service@example.org", w.Email)
		}
	}
	if p := w.Place; p != nil && *p == (presage.Place{}) {
		c.bad(where+".place", "latitude 0, longitude 0 lies in the sea: leave it out where it is not known")
	}
	for i, b := range w.Brands {
		at := fmt.Sprintf("%s.brands[%d]", where, i)
		c.plain(at, b, 100)
		if b == "" {
			c.bad(at, "it is empty, want a make like Lumen")
		}
	}
	c.prices(where+".prices.", w.Prices)
}

func (c *fleetCheck) prices(where string, list map[string]presage.Money) {
	currency := ""
	for _, code := range slices.Sorted(maps.Keys(list)) {
		p, at := list[code], fmt.Sprintf("%s%.64s", where, code)
		if _, err := c.catalogue.Job(code); err != nil {
			c.bad(at, "no job of the catalogue has this code")
		}
		if currency == "" {
			currency = p.Currency
		}
		if !currencyForm.MatchString(p.Currency) || p.Currency != currency || p.Minor < 0 {
			c.bad(at, "%d %.8q: want 0 or more, in one currency of three capital letters for all prices", p.Minor, p.Currency)
		}
	}
}
