package presage

import (
	"encoding/json"
	"slices"
)

// Bay is a place where a car is worked on, or a van that drives to it. In JSON a bay
// without anything but its ID is that ID.
type Bay struct {
	ID    string   `json:"id"`
	Kinds []string `json:"kinds,omitempty"` // what it has: "lift", "hv", ...; BayVan for a van
	// RadiusKm is how far from the workshop a van works, as the crow flies.
	RadiusKm Kilometre `json:"radius_km,omitempty"`
}

// BayVan is the kind of a bay that drives to the car.
const BayVan = "van"

// Van tells that the bay drives to the car: it takes no visits at the workshop.
func (b Bay) Van() bool { return slices.Contains(b.Kinds, BayVan) }

// plainBay is a bay as an object.
type plainBay Bay

// MarshalJSON writes a bay without kinds as its ID.
func (b Bay) MarshalJSON() ([]byte, error) {
	if len(b.Kinds) == 0 && b.RadiusKm == 0 {
		return json.Marshal(b.ID)
	}
	return json.Marshal(plainBay(b))
}

// UnmarshalJSON reads an ID or an object. What is neither is a bay without an ID: an
// error here would hide the faults of all that follows in the same document.
func (b *Bay) UnmarshalJSON(text []byte) error {
	*b = Bay{}
	if json.Unmarshal(text, &b.ID) != nil {
		_ = json.Unmarshal(text, (*plainBay)(b))
	}
	return nil
}

// PlainBays are bays of which nothing but the ID is known.
func PlainBays(ids ...string) []Bay {
	bays := make([]Bay, 0, len(ids))
	for _, id := range ids {
		bays = append(bays, Bay{ID: id})
	}
	return bays
}

// Bay is the workshop's bay of an ID; false for none.
func (w Workshop) Bay(id string) (Bay, bool) {
	i := slices.IndexFunc(w.Bays, func(b Bay) bool { return b.ID == id })
	if i < 0 {
		return Bay{}, false
	}
	return w.Bays[i], true
}

// Suits tells whether a bay of the workshop takes jobs that ask for kinds of bays: at
// the workshop, or at a place that a van drives to. A workshop that names the kind of
// no bay but of vans is not asked for any.
func (w Workshop) Suits(b Bay, kinds []string, at *Place) bool {
	if b.Van() != (at != nil) {
		return false
	}
	if at != nil && (w.Place == nil || w.Place.To(*at) > b.RadiusKm) {
		return false
	}
	named := b.Van() || slices.ContainsFunc(w.Bays, func(x Bay) bool { return len(x.Kinds) > 0 && !x.Van() })
	return !named || !slices.ContainsFunc(kinds, func(k string) bool { return !slices.Contains(b.Kinds, k) })
}

// DailyVisits bounds how many visits begin on one local day of a workshop; 0 for no bound.
type DailyVisits struct {
	All     int `json:"all,omitempty" minimum:"0" maximum:"10000"`
	Wait    int `json:"wait,omitempty" minimum:"0" maximum:"10000" doc:"Customers who wait in the lounge"`
	DropOff int `json:"drop_off,omitempty" minimum:"0" maximum:"10000"`
	Loaner  int `json:"loaner,omitempty" minimum:"0" maximum:"10000"`
}

// Of is the bound of visits with a stay, "" for all visits together.
func (d DailyVisits) Of(s Stay) int {
	return map[Stay]int{"": d.All, StayWait: d.Wait, StayDrop: d.DropOff, StayLoaner: d.Loaner}[s]
}
