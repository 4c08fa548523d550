package rest

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"presage"
	"presage/internal/wording"
)

// Reader says in which language a caller reads.
type Reader struct {
	Language string `header:"Accept-Language" doc:"Of the words of why: zh or en; English without it" example:"zh"`
}

// caseEvent is an event with its reason in words.
type caseEvent struct {
	presage.CaseEvent

	Why string `json:"why" doc:"The reason in words, in the language of Accept-Language"`
}

// message is a message with the reason why it was held back or failed in words.
type message struct {
	presage.Message

	Why string `json:"why,omitempty" doc:"The reason in words, in the language of Accept-Language; absent without one"`
}

// teller puts reasons into words for one reader.
type teller struct {
	lang  presage.Lang
	book  *wording.Book
	names wording.Names
}

// teller tells times in the zone; nil for that of the console.
func (h *handlers) teller(r Reader, zone *time.Location) teller {
	return teller{
		wording.Accepted(r.Language), h.texts,
		wording.Names{Catalogue: h.Catalogue, Zone: cmp.Or(zone, h.Zone, time.UTC)},
	}
}

func (t teller) why(r presage.Reason) string { return t.book.Why(t.lang, r, t.names) }

func (t teller) events(list []presage.CaseEvent) []caseEvent {
	told := make([]caseEvent, len(list))
	for i, e := range list {
		told[i] = caseEvent{e, t.why(e.Reason)}
	}
	return told
}

func (t teller) messages(list []presage.Message) []message {
	told := make([]message, len(list))
	for i, m := range list {
		told[i] = message{m, t.why(m.Reason)}
	}
	return told
}

// zoneOf is the zone of a workshop, nil when it is not known.
func (h *handlers) zoneOf(ctx context.Context, workshop string) (*time.Location, error) {
	all, err := h.Places.Workshops(ctx)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(all, func(w presage.Workshop) bool { return w.ID == workshop })
	if i < 0 {
		return nil, nil //nolint:nilnil // no zone is an answer
	}
	zone, err := time.LoadLocation(all[i].Zone)
	if err != nil {
		return nil, fmt.Errorf("zone of workshop %s: %w", workshop, err)
	}
	return zone, nil
}
