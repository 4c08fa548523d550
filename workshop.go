package presage

import (
	"math"
	"slices"
	"strings"
)

// Place is where something stands, in degrees (WGS 84).
type Place struct {
	Lat float64 `json:"lat" minimum:"-90" maximum:"90"`
	Lon float64 `json:"lon" minimum:"-180" maximum:"180"`
}

// earthKm is the mean radius of the earth (IUGG, R1).
const earthKm = 6371.0088

// To is the distance along the ground, as the crow flies (haversine formula).
func (p Place) To(q Place) Kilometre {
	const degree = math.Pi / 180
	half := func(x float64) float64 { s := math.Sin(x * degree / 2); return s * s }
	h := half(q.Lat-p.Lat) + math.Cos(p.Lat*degree)*math.Cos(q.Lat*degree)*half(q.Lon-p.Lon)
	return Kilometre(2 * earthKm * math.Asin(math.Sqrt(min(1, h))))
}

// NearWorkshop is a workshop with how far it is.
type NearWorkshop struct {
	Workshop

	Km Kilometre
}

// Stay is what a customer does while the car is repaired.
type Stay string

// The stays that a workshop may offer.
const (
	StayWait   Stay = "wait"     // in the lounge
	StayDrop   Stay = "drop_off" // leave the car, fetch it later
	StayLoaner Stay = "loaner"   // drive another car meanwhile
)

// Stays are all of them.
func Stays() []Stay { return []Stay{StayWait, StayDrop, StayLoaner} }

// Offers tells whether the workshop offers a stay; "" asks for none.
func (w Workshop) Offers(s Stay) bool { return s == "" || slices.Contains(w.Stays, s) }

// Repairs tells whether the workshop takes cars of a make.
func (w Workshop) Repairs(maker string) bool {
	return len(w.Brands) == 0 || slices.ContainsFunc(w.Brands, func(b string) bool { return strings.EqualFold(b, maker) })
}

// PriceOf is what jobs cost there: by its own price list where that names all of
// them, else by the catalogue's prices.
func (w Workshop) PriceOf(jobs []Job) Money {
	var own, usual Money
	all := len(jobs) > 0
	for _, j := range jobs {
		p, ok := w.Prices[j.Code]
		all = all && ok
		own = Money{Minor: own.Minor + p.Minor, Currency: p.Currency}
		usual = Money{Minor: usual.Minor + j.Price.Minor, Currency: j.Price.Currency}
	}
	if all {
		return own
	}
	return usual
}

// HasBay tells whether a bay is the workshop's.
func (w Workshop) HasBay(id string) bool {
	_, has := w.Bay(id)
	return has
}

// HasTechnician tells whether a technician works there.
func (w Workshop) HasTechnician(id string) bool {
	return slices.ContainsFunc(w.Technicians, func(t Technician) bool { return t.ID == id })
}
