package calendar

import (
	"slices"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/aa"
	"github.com/rickar/cal/v2/at"
	"github.com/rickar/cal/v2/au"
	"github.com/rickar/cal/v2/be"
	"github.com/rickar/cal/v2/ca"
	"github.com/rickar/cal/v2/ch"
	"github.com/rickar/cal/v2/cz"
	"github.com/rickar/cal/v2/de"
	"github.com/rickar/cal/v2/dk"
	"github.com/rickar/cal/v2/es"
	"github.com/rickar/cal/v2/fr"
	"github.com/rickar/cal/v2/gb"
	"github.com/rickar/cal/v2/ie"
	"github.com/rickar/cal/v2/it"
	"github.com/rickar/cal/v2/jp"
	"github.com/rickar/cal/v2/nl"
	"github.com/rickar/cal/v2/no"
	"github.com/rickar/cal/v2/nz"
	"github.com/rickar/cal/v2/pl"
	"github.com/rickar/cal/v2/ru"
	"github.com/rickar/cal/v2/se"
	"github.com/rickar/cal/v2/us"
)

// ruled are the holidays that follow from rules. The library leaves out Easter
// Sunday and Whit Sunday, and of Australia it has each state's list alone.
func ruled() map[string][]*cal.Holiday {
	sundays := func(days []*cal.Holiday) []*cal.Holiday { return append(slices.Clone(days), aa.Easter, aa.Pentecost) }
	return map[string][]*cal.Holiday{
		"AT": sundays(at.Holidays), "BE": sundays(be.Holidays), "CH": sundays(ch.Holidays), "CZ": cz.Holidays,
		"DE": sundays(de.Holidays), "DK": sundays(dk.Holidays), "ES": es.Holidays, "FR": sundays(fr.Holidays),
		"GB": gb.Holidays, "IE": ie.Holidays, "IT": sundays(it.Holidays), "JP": jp.Holidays,
		"NL": sundays(nl.Holidays), "NO": sundays(no.Holidays), "NZ": nz.Holidays, "PL": sundays(pl.Holidays),
		"RU": ru.Holidays, "SE": sundays(se.Holidays), "US": us.Holidays, "CA": ca.Holidays,
		"AU": {
			au.NewYear, au.AustraliaDay, au.GoodFriday, au.EasterMonday, au.AnzacDay, au.ChristmasDay, au.BoxingDay,
		},
	}
}
