package sqlstore

import (
	"database/sql"
	"errors"
	"slices"

	"presage"
)

func (x *intake) workshops() error {
	for _, w := range x.batch.Workshops {
		k, fresh, err := x.news(w.ImportRow)
		if err != nil {
			return err
		}
		if !fresh {
			continue
		}
		id := w.ID
		if k.there {
			id = k.id
		}
		is, err := lockWorkshop(x.ctx, x.tx, id)
		if errors.Is(err, sql.ErrNoRows) {
			is, err = presage.Workshop{ID: id}, nil
		}
		if err != nil {
			return err
		}
		w.Apply(&is)
		ok, err := x.works(w.ImportRow, is)
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		err = each(x.ctx, x.tx, workshopUpsert, []presage.Workshop{is}, workshopArgs)
		if err != nil {
			return err
		}
		if err := x.keep(w.ImportRow, k, id, ""); err != nil {
			return err
		}
	}
	return nil
}

// works tells whether something can be booked at a workshop as it is now.
func (x *intake) works(r presage.ImportRow, w presage.Workshop) (bool, error) {
	before := len(x.faults)
	if w.Zone == "" || w.Name == (presage.Text{}) || len(w.Bays) == 0 || len(w.Technicians) == 0 {
		x.bad(r, "a new workshop needs a name, a zone, bays and technicians")
	}
	if w.OpenHour < 0 || w.CloseHour > 24 || w.OpenHour >= w.CloseHour {
		x.bad(r, "hours: open_hour %d, close_hour %d, want 0 <= open < close <= 24", w.OpenHour, w.CloseHour)
	}
	var depots int
	err := x.tx.QueryRowContext(x.ctx, `SELECT COUNT(*) FROM depots WHERE id = $1`, w.DepotID).Scan(&depots)
	if err != nil {
		return false, err
	}
	if depots == 0 {
		x.bad(r, "no depot %.64q is known: PUT /v1/fleet registers it", w.DepotID)
	}
	if err := x.unlike(r, w); err != nil {
		return false, err
	}
	return len(x.faults) == before, nil
}

// unlike finds bays and technicians that are there twice: bookings take them by their IDs.
func (x *intake) unlike(r presage.ImportRow, w presage.Workshop) error {
	others, err := all(x.ctx, x.tx, scanDocument[presage.Workshop], `SELECT body FROM workshops WHERE id <> $1`, w.ID)
	mine := resources(w)
	for i, id := range mine {
		if slices.Contains(mine[:i], id) {
			x.bad(r, "bay or technician %.64q is there twice", id)
		}
	}
	for _, o := range others {
		theirs := resources(o)
		for _, id := range mine {
			if slices.Contains(theirs, id) {
				x.bad(r, "bay or technician %.64q is one of workshop %s: give it another ID", id, o.ID)
			}
		}
	}
	return err
}

// resources are what a booking at a workshop can take.
func resources(w presage.Workshop) []string { return append(baysOf(w), techniciansOf(w)...) }

func baysOf(w presage.Workshop) (ids []string) {
	for _, b := range w.Bays {
		ids = append(ids, b.ID)
	}
	return ids
}

func techniciansOf(w presage.Workshop) (ids []string) {
	for _, t := range w.Technicians {
		ids = append(ids, t.ID)
	}
	return ids
}

// closures takes back what a row said before, and notes what it says now.
func (x *intake) closures() error {
	for _, c := range x.batch.Closures {
		k, fresh, err := x.news(c.ImportRow)
		if err != nil {
			return err
		}
		if !fresh {
			continue
		}
		faults := len(x.faults)
		now := stretch{Absence: c.Absence}
		if now.Workshop, err = x.ours(c.ImportRow, presage.KindWorkshop, c.Workshop); err != nil {
			return err
		}
		if len(x.faults) > faults {
			continue
		}
		if err := x.closure(c, k, now); err != nil {
			return err
		}
	}
	return nil
}

// stretch is a closure of a workshop as it is kept for the way back.
type stretch struct {
	Workshop string
	presage.Absence
}

func (x *intake) closure(c presage.ImportedClosure, k known, now stretch) error {
	if k.body != "" {
		var was stretch
		if err := (document{&was}).Scan(k.body); err != nil {
			return err
		}
		if err := x.changeClosure(c.ImportRow, was, true); err != nil {
			return err
		}
	}
	if c.Removed {
		return x.keep(c.ImportRow, k, now.Workshop, "")
	}
	if err := x.changeClosure(c.ImportRow, now, false); err != nil {
		return err
	}
	body, err := encode(now)
	if err != nil {
		return err
	}
	return x.keep(c.ImportRow, k, now.Workshop, body)
}

// changeClosure takes a stretch out of a workshop, or puts it there.
func (x *intake) changeClosure(r presage.ImportRow, c stretch, out bool) error {
	w, err := lockWorkshop(x.ctx, x.tx, c.Workshop)
	if err != nil {
		return err
	}
	if !out && c.Resource != "" && !slices.Contains(resources(w), c.Resource) {
		x.bad(r, "%.64q is neither a bay nor a technician of workshop %s", c.Resource, c.Workshop)
		return nil
	}
	w.Closures = changedList(w.Closures, c.Closure, c.Resource == "", out)
	w.Absences = changedList(w.Absences, c.Absence, c.Resource != "", out)
	return each(x.ctx, x.tx, workshopUpsert, []presage.Workshop{w}, workshopArgs)
}

// changedList is a list with or without an item that may be in it.
func changedList[T comparable](list []T, item T, of, out bool) []T {
	switch i := slices.Index(list, item); {
	case !of:
	case !out:
		return append(list, item)
	case i >= 0:
		return slices.Delete(list, i, i+1)
	}
	return list
}
