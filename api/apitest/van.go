package apitest

import (
	"errors"
	"strings"

	"presage"
)

// AddVan gives a workshop a van.
func (w *World) AddVan(workshopID string) {
	for i := range w.workshops {
		if w.workshops[i].ID == workshopID {
			w.workshops[i].Bays = append(w.workshops[i].Bays, presage.Bay{
				ID: workshopID + "-van", Kinds: []string{presage.BayVan}, RadiusKm: 25,
			})
		}
	}
}

// vanSite is where all vans go.
func vanSite(to presage.Address) *presage.Site {
	return &presage.Site{Place: presage.Place{Lat: 31.25, Lon: 121.5}, Km: 6.7, Address: to}
}

// vans tells whether a van comes to the car of a page, or could.
func (w *World) vans(v *presage.OfferView, van bool) {
	if !v.Workshop.Vans() {
		return
	}
	v.VanOf = presage.VansOf(v.Workshop.ID)
	if van {
		v.Site, v.Travel = vanSite(""), presage.Money{Minor: 3900, Currency: v.Price.Currency}
		v.Price.Minor += v.Travel.Minor
	}
}

// sited is where a visit is that somebody books; nil at the workshop.
func sited(van bool, x presage.Wish) (*presage.Site, error) {
	if !van {
		return nil, nil //nolint:nilnil // the workshop is no site
	}
	if x.Address != "" || x.Via == "link" {
		if err := x.Address.Check(); err != nil {
			return nil, errors.Join(err, presage.ErrNoAddress)
		}
	}
	return vanSite(x.Address), nil
}

// byVan are slots of the vans at the same times.
func byVan(slots []presage.Slot) []presage.Slot {
	for i, s := range slots {
		slots[i].ID = strings.Replace(s.ID, s.WorkshopID, presage.VansOf(s.WorkshopID), 1)
	}
	return slots
}
