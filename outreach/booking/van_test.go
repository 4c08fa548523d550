package booking_test

import (
	"testing"
	"time"

	"presage"
	"presage/outreach/booking"
)

// What open offers keep counts for vans and bays apart, and for technicians together. The
// van is away for an hour and a half in a morning of four hours: it can leave from 8:00 to
// 10:30, eleven quarters of an hour.
func TestVansAndWhatOffersKeep(t *testing.T) {
	t.Parallel()
	here := presage.Place{Lat: 52.52, Lon: 13.405}
	at := func(hour, minute int) time.Time {
		return time.Date(2026, time.December, 8, hour, minute, 0, 0, time.UTC)
	}
	from, to := at(9, 30), at(11, 0)
	for name, c := range map[string]struct {
		held        presage.HeldTime
		technicians int
		van         bool
		want        int
	}{
		"nothing is kept":                 {technicians: 1, van: true, want: 11},
		"the van is kept":                 {presage.HeldTime{Offers: 1, Vans: 1}, 2, true, 1}, // away from 8:00 to 9:30
		"a bay is kept":                   {presage.HeldTime{Offers: 1}, 2, true, 11},
		"a bay and the one technician":    {presage.HeldTime{Offers: 1}, 1, true, 1},
		"the van is kept from a visit":    {presage.HeldTime{Offers: 1, Vans: 1}, 2, false, 15}, // 8:00 to 11:30
		"van and technician from a visit": {presage.HeldTime{Offers: 1, Vans: 1}, 1, false, 8},  // to 9:00, from 11:00
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := booking.Search{
				Workshop: presage.Workshop{
					ID: "w", Zone: "UTC", Place: &here, OpenHour: 8, CloseHour: 12,
					Bays: []presage.Bay{{ID: "b"}, {ID: "van", Kinds: []string{presage.BayVan}, RadiusKm: 20}},
				},
				Duration: 30 * time.Minute, From: at(0, 0), To: at(23, 0),
			}
			for i := range c.technicians {
				s.Workshop.Technicians = append(s.Workshop.Technicians, presage.Technician{ID: string(rune('a' + i))})
			}
			if c.van {
				s.At, s.Drive = &here, 30*time.Minute
			}
			if c.held.Offers > 0 {
				c.held.Start, c.held.End = from, to
				s.Held = []presage.HeldTime{c.held}
			}
			slots, err := booking.Slots(s)
			if err != nil || len(slots) != c.want {
				t.Errorf("%d slots, %v, want %d", len(slots), err, c.want)
			}
		})
	}
}
