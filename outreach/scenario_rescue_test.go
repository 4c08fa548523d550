package outreach_test

import (
	"context"
	"strconv"
	"strings"

	"presage"
)

// seenCars is what telemetry says of cars.
type seenCars map[presage.VIN]presage.Sighting

// LastSeen implements rescue.Telemetry.
func (c seenCars) LastSeen(_ context.Context, vin presage.VIN) (presage.Sighting, error) {
	return c[vin], nil
}

// seen is what a car's newest sample says: "seen car1 at=52.52/13.40 speed=0".
func (s *scenario) carSeen(st *step) {
	vin := s.car(st, st.word("car")).VIN
	x := s.sightings[vin]
	if at := st.opt("at", ""); at != "" {
		lat, lon, _ := strings.Cut(at, "/")
		x.Place, x.At = &presage.Place{Lat: st.float(lat), Lon: st.float(lon)}, s.now
	}
	if kmh := st.opt("speed", ""); kmh != "" {
		speed := st.float(kmh)
		x.Speed, x.SpeedAt = &speed, s.now
	}
	s.sightings[vin] = x
}

// putPlace tells where a workshop is: "placed berlin 52.52/13.40".
func (s *scenario) putPlace(st *step) {
	id := st.word("workshop")
	w, known := s.workshops[id]
	if !known {
		st.fatalf("unknown workshop %q", id)
	}
	lat, lon, _ := strings.Cut(st.word("place"), "/")
	w.Place = &presage.Place{Lat: st.float(lat), Lon: st.float(lon)}
	s.workshops[id] = w
	st.must(s.store.PutWorkshops(s.t.Context(), []presage.Workshop{w}))
}

// newestRescue of a car.
func (s *scenario) newestRescue(st *step) presage.Rescue {
	rs, err := s.store.Rescues(s.t.Context(), presage.RescueFilter{VIN: s.car(st, st.word("car")).VIN, Limit: 1})
	st.must(err)
	if len(rs) == 0 {
		st.fatalf("there is no rescue")
	}
	return rs[0]
}

// rescue takes the newest rescue of a car a step on: "rescue car1 on_the_way who=tow minutes=30";
// seen=asked is a page that shows an older state.
func (s *scenario) rescue(st *step) {
	x := s.newestRescue(st)
	to := presage.RescueState(st.word("state"))
	_, err := s.service(st).StepRescue(s.t.Context(), presage.RescueStep{
		ID: x.ID, Seen: presage.RescueState(st.opt("seen", string(x.State))), To: to, Who: st.opt("who", "tow"),
		Note: st.opt("note", ""), Minutes: st.number(st.opt("minutes", "0")),
	})
	st.fails(err)
}

// breaksDown is a person's word that the car of the newest case stands: "broken car1 who=anna".
func (s *scenario) breaksDown(st *step) {
	c := s.caseOf(st, st.word("car"))
	_, err := s.service(st).Report(s.t.Context(), c.ID, st.opt("who", "customer"))
	st.fails(err)
}

// expectRescue looks at the newest rescue of a car; steps are the states of its history.
func (s *scenario) expectRescue(st *step) {
	x := s.newestRescue(st)
	evs, err := s.store.RescueEvents(s.t.Context(), x.ID)
	st.must(err)
	var steps []string
	for _, e := range evs {
		steps = append(steps, e.Who+":"+string(e.To))
	}
	all, err := s.store.Rescues(s.t.Context(), presage.RescueFilter{VIN: x.VIN})
	st.must(err)
	km := ""
	if x.Km != nil {
		km = strconv.FormatFloat(float64(*x.Km), 'f', 1, 64)
	}
	s.compare(st, "rescue", struct {
		presage.Rescue
		Why, Km, Steps string
		Number         int // of all that the car has had
	}{x, codes(x.Partner), km, strings.Join(steps, " "), len(all)})
}
