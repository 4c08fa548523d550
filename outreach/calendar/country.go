package calendar

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/nyaruka/phonenumbers"

	"presage"
)

//go:embed zones.txt
var zoneTable string

// zones is the table of zones.txt.
type zones struct {
	of      map[string][]string // by country, the current names
	country map[string]string   // by zone, older names too
	loaded  sync.Map            // of name to *time.Location
}

func readZones(table string) *zones {
	z := &zones{of: map[string][]string{}, country: map[string]string{}}
	for line := range strings.Lines(table) {
		country, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		if country == "" || country == "#" {
			continue
		}
		names, older, _ := strings.Cut(rest, "|")
		z.of[country] = strings.Fields(names)
		for _, name := range append(strings.Fields(older), z.of[country]...) {
			z.country[name] = country
		}
	}
	return z
}

// location is a zone by its IANA name; false for none, for "", and for that of
// the machine.
func (z *zones) location(name string) (*time.Location, bool) {
	if x, ok := z.loaded.Load(name); ok {
		loc, known := x.(*time.Location)
		return loc, known
	}
	loc, err := time.LoadLocation(name)
	if err != nil || name == "" || strings.EqualFold(name, "local") {
		return nil, false
	}
	z.loaded.Store(name, loc)
	return loc, true
}

// Place is where a customer may be at one time.
type Place struct {
	Country string // "" for none that is known
	Zone    *time.Location
}

// Places are where a customer may be: in their zone; without one in any zone of
// the country that their number belongs to; without that in any zone of
// otherwise. UTC where even that names no country.
func (c *Calendar) Places(x presage.Customer, otherwise []string) []Place {
	return c.PlacesIn(x.Zone, CountryOf(x.Phone), otherwise)
}

// PlacesIn is Places for who has a zone and a number of a country, each "" for none.
func (c *Calendar) PlacesIn(zone, country string, otherwise []string) []Place {
	if loc, ok := c.zones.location(zone); ok {
		if of := c.zones.country[zone]; of != "" { // UTC, Etc/GMT-8: the clock is known, the country is not
			country = of
		}
		return []Place{{country, loc}}
	}
	if len(c.zones.of[country]) > 0 {
		otherwise = []string{country}
	}
	var list []Place
	for _, country := range otherwise {
		for _, name := range c.zones.of[country] {
			if loc, ok := c.zones.location(name); ok {
				list = append(list, Place{country, loc})
			}
		}
	}
	if len(list) == 0 {
		return []Place{{"", time.UTC}}
	}
	return slices.Clip(list)
}

// CountryOf is the country of a number, "" for none.
func CountryOf(p presage.Phone) string {
	if p == "" {
		return ""
	}
	n, err := phonenumbers.Parse(string(p), "")
	if err != nil {
		return ""
	}
	if country := phonenumbers.GetRegionCodeForNumber(n); len(country) == 2 && country != "ZZ" {
		return country
	}
	return ""
}
