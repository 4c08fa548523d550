package rest

import (
	"context"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"presage"
)

func (h *handlers) deadLetterRoutes(a huma.API) {
	const tag = "Data quality"
	route(a, h.Logger, get("list-dead-letters", "/v1/dead-letters", tag,
		"Messages that could not be taken in, with their reasons"), h.deadLetters)
	route(a, h.Logger, get("list-held", "/v1/vehicles/held", tag,
		"Vehicles with open dead letters: how many are kept and how many were not, most first"), h.held)
	route(a, h.Logger, post("redrive-dead-letters", "/v1/dead-letters/redrive", tag,
		"Drive dead letters through ingest once more"), h.redrive)
}

type heldInput struct {
	Window
	Reason string `query:"reason" maxLength:"40" doc:"Any when absent"`
}

// held lists the vehicles of which letters are held, the worst first.
func (h *handlers) held(ctx context.Context, in *heldInput) (*body[page[presage.HeldLetters]], error) {
	rows, err := h.DeadLetters.HeldLetters(ctx, in.Reason, 0)
	if err != nil {
		return nil, err
	}
	cursor := func(l presage.HeldLetters) string { return cursorOf(string(l.VIN), l.Reason) }
	if rows, err = behind(rows, in.After, cursor); err != nil {
		return nil, err
	}
	return paged(rows, in.Limit, cursor), nil
}

type deadLettersInput struct {
	Reason string `query:"reason" maxLength:"64"`
	VIN    string `query:"vin" maxLength:"17" doc:"Of the sender"`
	Open   bool   `query:"open" default:"true" doc:"Only those not driven again yet"`
	After  int64  `query:"after" minimum:"0" doc:"Cursor: the last ID of the previous page"`
	Limit  int    `query:"limit" minimum:"1" maximum:"500" default:"100"`
}

// deadLetter is a dead letter without the VIN that its topic holds.
type deadLetter struct {
	ID       int64      `json:"id"`
	Received time.Time  `json:"received" doc:"The first time"`
	Last     time.Time  `json:"last_received"`
	Times    int64      `json:"times" doc:"How often the same came while the letter was open; a broker's repeats count"`
	Topic    string     `json:"topic" doc:"The VIN is masked"`
	Reason   string     `json:"reason"`
	Detail   string     `json:"detail" doc:"What is wrong, where, and how to mend it"`
	Bytes    int        `json:"bytes"`
	Payload  string     `json:"payload" doc:"The first 2,000 bytes as text"`
	Redriven *time.Time `json:"redriven"`
}

// deadLetterPage is a page of letters with the open ones counted by reason.
type deadLetterPage struct {
	Items  []deadLetter     `json:"items"`
	Next   string           `json:"next,omitempty"`
	Counts map[string]int64 `json:"counts" doc:"Open letters by reason"`
}

func (h *handlers) deadLetters(ctx context.Context, in *deadLettersInput) (*body[deadLetterPage], error) {
	rows, err := h.DeadLetters.DeadLetterHeads(ctx, presage.DeadLetterFilter{
		Reason: in.Reason, VIN: presage.VIN(in.VIN), AfterID: in.After, OnlyOpen: in.Open, Limit: more(in.Limit),
	})
	if err != nil {
		return nil, err
	}
	counts, err := h.DeadLetters.DeadLetterCounts(ctx)
	if err != nil {
		return nil, err
	}
	cut := pageOf(rows, in.Limit, func(l presage.DeadLetter) string { return number(l.ID) })
	out := deadLetterPage{Items: make([]deadLetter, 0, len(cut.Items)), Next: cut.Next, Counts: counts}
	if counts == nil {
		out.Counts = map[string]int64{}
	}
	for _, r := range cut.Items {
		d := deadLetter{
			ID: r.ID, Received: r.Received, Last: r.LastReceived, Times: r.Times,
			Topic: presage.MaskTopic(r.Topic), Reason: r.Reason, Detail: r.Detail,
			Bytes: max(len(r.Payload), r.Size), Payload: r.Excerpt(),
		}
		if !r.Redriven.IsZero() {
			d.Redriven = &r.Redriven
		}
		out.Items = append(out.Items, d)
	}
	return &body[deadLetterPage]{Body: out}, nil
}

type redriveInput struct {
	Body struct {
		Reason string `json:"reason,omitempty" maxLength:"64" doc:"Only letters with this reason; all when absent"`
		Limit  int    `json:"limit,omitempty" minimum:"1" maximum:"100000" default:"1000"`
	}
}

type redriven struct {
	Accepted int `json:"accepted" doc:"Letters that went in whole; the others stay open"`
}

func (h *handlers) redrive(ctx context.Context, in *redriveInput) (*body[redriven], error) {
	n, err := h.Redriver.Redrive(ctx, in.Body.Reason, in.Body.Limit)
	if err != nil {
		return nil, err
	}
	return &body[redriven]{Body: redriven{Accepted: n}}, nil
}
