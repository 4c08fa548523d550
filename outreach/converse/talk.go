package converse

import (
	"context"
	"errors"
	"slices"
	"strings"

	"presage"
	"presage/internal/wording"
	"presage/outreach/reply"
	"presage/outreach/visit"
)

// talk is a car that a text may be about: the last message about it that really
// left for the sender, with the offer that this message spoke of.
type talk struct {
	file    visit.CaseFile
	current bool // no other offer was made since
}

// talks lists what can be answered, by the last message of each car, the newest
// first. A car that somebody else owns by now is not the sender's to speak of.
func (l *Listener) talks(ctx context.Context, cs []presage.Customer) ([]talk, error) {
	ids := make([]string, len(cs))
	for i, c := range cs {
		ids[i] = c.ID
	}
	last, err := l.Store.LastSent(ctx, ids, "")
	if err != nil {
		return nil, err
	}
	var list []talk
	for _, m := range last {
		f, current, err := l.Files.ByMessage(ctx, m)
		if errors.Is(err, presage.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if !f.Lost() {
			list = append(list, talk{f, current})
		}
	}
	return list, nil
}

// situation is what a text is read against.
func situation(talks []talk) reply.Context {
	x := reply.Context{Slots: 3}
	for i, t := range talks {
		x.Booked = x.Booked || t.file.Booking != nil
		if i == 0 && len(t.file.Offer.Slots) > 0 {
			x.Slots = len(t.file.Offer.Slots)
		}
	}
	return x
}

// meant finds the car that a wish is about: the only one for which it makes
// sense, or the one that the text names. several are those between which the
// sender has to choose.
func meant(talks []talk, wish reply.Kind, text string) (t *talk, several []talk) {
	for _, states := range fitting(wish) {
		fits := slices.DeleteFunc(slices.Clone(talks), func(t talk) bool {
			return !slices.Contains(states, t.file.Case.State)
		})
		if len(fits) > 1 && asks(wish) {
			if fits = named(fits, text); len(fits) > 1 {
				return nil, fits
			}
		}
		if len(fits) > 0 {
			return &fits[0], nil
		}
	}
	return nil, nil
}

// asks tells whether a wish changes something, so that the wrong car would hurt.
func asks(wish reply.Kind) bool {
	switch wish {
	case reply.Slot, reply.Yes, reply.No, reply.Cancel, reply.Reschedule:
		return true
	default:
		return false
	}
}

// fitting lists the states of cases that a wish can be about, the likeliest first.
func fitting(wish reply.Kind) [][]presage.CaseState {
	offered, booked, escalated := presage.CaseOffered, presage.CaseBooked, presage.CaseEscalated
	over := []presage.CaseState{presage.CaseDeclined, presage.CaseExpired}
	switch wish {
	case reply.Slot:
		return [][]presage.CaseState{{offered}, {escalated}, {booked}, over}
	case reply.Yes, reply.No, reply.Reschedule:
		return [][]presage.CaseState{{offered, booked}, {escalated}, over}
	case reply.Cancel:
		return [][]presage.CaseState{{booked}, {offered, escalated}}
	default:
		return [][]presage.CaseState{{offered, booked, escalated, presage.CaseArrived}, append(over, presage.CaseSuppressed)}
	}
}

// named keeps the cars whose make or model the text holds; all of them when it
// tells none apart.
func named(talks []talk, text string) []talk {
	text = strings.ToLower(text)
	said := slices.DeleteFunc(slices.Clone(talks), func(t talk) bool {
		return !holds(text, t.file.Vehicle.Model) && !holds(text, t.file.Vehicle.Make) && !holds(text, tail(t.file.Vehicle.VIN))
	})
	if len(said) == 0 {
		return talks
	}
	return said
}

func holds(text, word string) bool {
	return len(word) > 1 && strings.Contains(text, strings.ToLower(word))
}

// tail is the end of a VIN, by which an owner tells two cars of one model apart.
func tail(v presage.VIN) string { return string(v[max(0, len(v)-4):]) }

// names lists the cars as their owner calls them; two of one name by the end of
// their VIN.
func names(talks []talk, l presage.Lang) []string {
	var out []string
	for _, t := range talks {
		name := wording.Car(t.file.Vehicle, l)
		for _, other := range talks {
			if other.file.Vehicle.VIN != t.file.Vehicle.VIN && wording.Car(other.file.Vehicle, l) == name {
				name += " " + tail(t.file.Vehicle.VIN)
				break
			}
		}
		out = append(out, name)
	}
	return out
}
