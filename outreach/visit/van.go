package visit

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"presage"
	"presage/outreach/casework"
)

// Whereabouts tells where a car stood last, and when; false where nobody knows.
type Whereabouts func(ctx context.Context, vin presage.VIN) (at presage.Place, seen time.Time, known bool, err error)

// Mobile tells whether a van may do the jobs of a case.
func (a *Agenda) Mobile(x presage.Case) bool {
	if x.Severity == presage.Safety || len(x.Components) == 0 {
		return false
	}
	for _, id := range x.Components {
		c, err := a.Catalogue.Component(id)
		if err != nil {
			return false
		}
		job := jobOf(c, slices.Contains(x.Alerted, id))
		if !slices.Contains(a.Catalogue.RoutesOf(id, job, ""), presage.RouteMobile) {
			return false
		}
	}
	return true
}

// send plans a visit at a site; nil is the workshop.
func (v *Plan) send(a *Agenda, s *presage.Site) {
	v.Site, v.Fee = s, presage.Money{}
	if s != nil {
		v.Fee = a.Catalogue.RouteCosts[presage.RouteMobile].Fee
	}
}

// Stay plans a visit at the workshop that was planned for a van.
func (v *Plan) Stay(a *Agenda) { v.send(a, nil) }

// Van finds where a van of the workshop would repair the car of a case: where the car
// stands, if nothing forbids it and a van that comes so far has a time. nil for none.
func (a *Agenda) Van(ctx context.Context, w presage.Workshop, x presage.Case, v Plan) (*presage.Site, error) {
	if a.Whereabouts == nil || w.Place == nil || !w.Vans() || !a.Mobile(x) {
		return nil, nil //nolint:nilnil // no van is no fault
	}
	at, seen, known, err := a.Whereabouts(ctx, x.VIN)
	if err != nil || !known || !w.HasVan(at) {
		return nil, err
	}
	s := &presage.Site{Place: at, Km: w.Place.To(at), SeenAt: seen}
	v.send(a, s)
	if a.Possible(w, v) != nil {
		return nil, nil //nolint:nilnil,nilerr // as above
	}
	now := a.Now()
	parts, err := a.SupplyOf(ctx, w.DepotID, v.Parts, now)
	if err != nil {
		return nil, err
	}
	from := casework.Later(now.Add(a.notice(x)), parts.Ready(now))
	in := Window{From: from, To: from.AddDate(0, 0, a.Rules().SearchDays), Limit: 1, Keep: true}
	free, err := a.Search(ctx, w, v, in)
	if err != nil || len(free) == 0 {
		return nil, err
	}
	return s, nil
}

// byVan is a file with its visit where the car stands.
func (a *Agenda) byVan(f CaseFile, workshopID string) (CaseFile, error) {
	s := f.site()
	if workshopID != f.Workshop.ID || s == nil || !a.Mobile(f.Case) || !f.Workshop.HasVan(s.Place) {
		return f, fmt.Errorf("%w workshop %.64q: no van of it comes to this car",
			presage.ErrInvalid, presage.VansOf(workshopID))
	}
	to := *s
	to.Km = f.Workshop.Place.To(s.Place)
	f.Plan.send(a, &to)
	return f, nil
}

// site is where a van would come to; nil where nobody knows.
func (f CaseFile) site() *presage.Site {
	if f.Booking != nil && f.Booking.Site != nil {
		return f.Booking.Site
	}
	return f.Case.Site
}

// where names who does the visit of a file: the workshop, or its vans.
func (f CaseFile) where() string {
	if f.Plan.Site != nil {
		return presage.VansOf(f.Workshop.ID)
	}
	return f.Workshop.ID
}

// addressed is a file whose van knows the address that somebody names. ErrInvalid
// with ErrNoAddress where a customer's page must name one, and does not.
func (f CaseFile) addressed(w presage.Wish) (CaseFile, error) {
	switch {
	case f.Plan.Site == nil && w.Address != "":
		return f, fmt.Errorf("address: %w: the slot is of the workshop, not of its vans", presage.ErrInvalid)
	case f.Plan.Site == nil:
		return f, nil
	}
	s := *f.Plan.Site
	switch {
	case w.Address != "":
		if err := w.Address.Check(); err != nil {
			return f, errors.Join(err, presage.ErrNoAddress)
		}
		s.Address = w.Address
	case s.Address == "" && w.Via == "link":
		return f, errors.Join(s.Address.Check(), presage.ErrNoAddress)
	}
	f.Plan.Site = &s
	return f, nil
}

// sited puts where a visit is into its booking and its case.
func (f CaseFile) sited(r *presage.Reservation) {
	s := f.Plan.Site
	r.Booking.Site = s
	switch {
	case s == nil && f.Case.Route == presage.RouteMobile:
		r.Change.Route, r.Change.RouteWhy = presage.RouteWorkshop, presage.Because(presage.WhyRouteAsked)
	case s != nil:
		r.Change.Site = s
		if f.Case.Route != presage.RouteMobile {
			r.Change.Route, r.Change.RouteWhy = presage.RouteMobile, presage.Because(presage.WhyRouteAsked)
		}
	}
}

// readdress names another address for the visit of a van, at the same time: nobody has
// to know of it but the workshop. ErrConflict without such a visit to come.
func (d *Desk) readdress(ctx context.Context, f CaseFile, w presage.Wish) (presage.Booking, error) {
	return d.Store.SetSite(ctx, f.Booking.ID, *f.Plan.Site, presage.CaseEvent{
		CaseID: f.Case.ID, At: d.Now(), Who: w.Who, Reason: presage.Because(presage.WhyReaddressed),
	})
}
