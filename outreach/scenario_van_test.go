package outreach_test

import (
	"context"
	"time"

	"presage"
)

// stand is where a car told that it stands.
type stand struct {
	at   presage.Place
	seen time.Time
}

// putStand is what a car tells of its place: "stands car1 52.61 13.405".
func (s *scenario) putStand(st *step) {
	car := s.car(st, st.word("car"))
	s.stands[car.VIN] = stand{
		presage.Place{Lat: st.float(st.word("latitude")), Lon: st.float(st.word("longitude"))}, s.now,
	}
}

func (s *scenario) whereabouts(_ context.Context, vin presage.VIN) (presage.Place, time.Time, bool, error) {
	x, known := s.stands[vin]
	return x.at, x.seen, known, nil
}

// vans gives a workshop in the middle of Berlin a van: "workshop berlin van=25", in km.
func vans(st *step, w *presage.Workshop) {
	km := st.opt("van", "")
	if km == "" {
		return
	}
	w.Place = &presage.Place{Lat: 52.52, Lon: 13.405}
	w.Bays = append(w.Bays, presage.Bay{
		ID: w.ID + "-van", Kinds: []string{presage.BayVan}, RadiusKm: presage.Kilometre(st.float(km)),
	})
}
