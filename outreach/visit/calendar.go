package visit

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"presage"
	"presage/outreach/contact"
)

// OfferDays tells whoever holds the link on which days of a month ("2026-12") the
// visit can begin, at the workshop of the offer ("") or another one nearby.
// Errors are those of OfferAt; ErrConflict when no time can be chosen any more.
func (p *Page) OfferDays(ctx context.Context, token, workshopID, month string) (presage.FreeMonth, error) {
	f, in, err := p.open(ctx, token, workshopID)
	if err != nil {
		return presage.FreeMonth{}, fmt.Errorf("days of an offer: %w", err)
	}
	return p.Agenda.days(ctx, f.Workshop, f.Plan, in, month)
}

// OfferTimes lists the times of one day ("2026-12-07") in the same way.
func (p *Page) OfferTimes(ctx context.Context, token, workshopID, day string) ([]presage.Slot, error) {
	f, in, err := p.open(ctx, token, workshopID)
	if err != nil {
		return nil, fmt.Errorf("times of an offer: %w", err)
	}
	from, err := presage.Date(day, contact.ZoneOf(f.Workshop.Zone))
	if err != nil {
		return nil, fmt.Errorf("times of an offer: %w", err)
	}
	return p.Agenda.Search(ctx, f.Workshop, f.Plan, clip(in, from, from.AddDate(0, 0, 1)))
}

// open reads the file of a link and when its visit may begin.
func (p *Page) open(ctx context.Context, token, workshopID string) (CaseFile, Window, error) {
	f, err := p.Files.ByToken(ctx, token)
	if err != nil {
		return f, Window{}, err
	}
	if err := f.MayBook(p.Now()); err != nil {
		return f, Window{}, err
	}
	if f, err = p.Agenda.elsewhere(ctx, f, workshopID); err != nil {
		return f, Window{}, err
	}
	last, err := p.Agenda.latest(ctx, f)
	if err != nil {
		return f, Window{}, err
	}
	in, err := p.window(ctx, f, last)
	return f, in, err
}

// The centres that a page names beside the offer's own.
const (
	nearKm   = presage.Kilometre(60)
	mostNear = 3
)

// nearby are other workshops that could do the visit of a file, the nearest
// first; none where nobody knows where the offer's own is.
func (a *Agenda) nearby(ctx context.Context, f CaseFile) ([]presage.NearWorkshop, error) {
	home, err := a.Store.Workshop(ctx, f.Case.WorkshopID)
	if err != nil || home.Place == nil {
		return nil, err
	}
	all, err := a.Store.Workshops(ctx)
	if err != nil {
		return nil, err
	}
	var list []presage.NearWorkshop
	f.Plan.send(a, nil)
	for _, w := range all {
		if w.ID == home.ID || w.Place == nil || !w.Repairs(f.Vehicle.Make) || a.Possible(w, f.Plan) != nil {
			continue
		}
		if km := home.Place.To(*w.Place); km <= nearKm {
			list = append(list, presage.NearWorkshop{Workshop: w, Km: km})
		}
	}
	slices.SortFunc(list, func(a, b presage.NearWorkshop) int {
		return cmp.Or(cmp.Compare(a.Km, b.Km), cmp.Compare(a.ID, b.ID))
	})
	return list[:min(mostNear, len(list))], nil
}

// elsewhere is a file with its visit by whom a slot or a page names: the workshop itself,
// its vans, or another workshop nearby, at its prices; "" leaves it as it is.
func (a *Agenda) elsewhere(ctx context.Context, f CaseFile, workshopID string) (CaseFile, error) {
	workshopID, van := presage.SplitVan(workshopID)
	switch {
	case workshopID == "":
		return f, nil
	case van:
		return a.byVan(f, workshopID)
	}
	f.Plan.send(a, nil)
	if workshopID == f.Workshop.ID {
		return f, nil
	}
	near, err := a.nearby(ctx, f)
	if err != nil {
		return f, err
	}
	i := slices.IndexFunc(near, func(w presage.NearWorkshop) bool { return w.ID == workshopID })
	if i < 0 {
		return f, fmt.Errorf("%w workshop %.64q: the offer is for %s and the centres near it",
			presage.ErrInvalid, workshopID, f.Case.WorkshopID)
	}
	if near[i].DepotID != f.Workshop.DepotID {
		f.Plan.Instead = nil // what its visit gives back lies in another depot
	}
	f.Workshop = near[i].Workshop
	return f, nil
}
