package rest

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"presage"
)

// Board shows a workshop's days, and changes who and what is there.
type Board interface {
	// Board is a workshop on days in a row from a local day on, "" for today.
	Board(ctx context.Context, workshopID, day string, days int) (presage.Board, error)
	// Block closes a workshop for a time, or takes a bay or technician away. ErrConflict
	// with presage.VisitsInWayError when visits are in the way that were not seen.
	Block(ctx context.Context, b presage.Block) (presage.Blocked, error)
	// Sick is Block for a technician for the rest of today, whatever is in the way.
	Sick(ctx context.Context, workshopID, technicianID, note, who string) (presage.Blocked, error)
	// Unblock takes a block back; ErrNotFound.
	Unblock(ctx context.Context, workshopID, id, who string) error
	// WalkIn takes in a car that stands in front, at the next free time of today.
	// ErrNotFound for a car that is not registered, ErrConflict when nothing is free or
	// the car has a visit, ErrInvalid names every fault.
	WalkIn(ctx context.Context, w presage.WalkIn) (presage.Booking, error)
}

// Mover moves visits; see presage.VisitMove. ErrConflict when what is asked for is not
// free or the visit has begun, with ErrStale when it is not the visit any more.
type Mover interface {
	MoveVisit(ctx context.Context, m presage.VisitMove) (presage.Booking, error)
}

func (h *handlers) boardRoutes(a huma.API) {
	const tag, path = "Workshop", "/v1/workshops/{id}"
	op := get("get-board", path+"/board", tag, "A workshop's days: hours, blocks and visits")
	op.Description = "Days are local to the workshop. Cancelled visits, and those to which nobody came, are left out; a " +
		"visit of several days is on each of them."
	op.Responses = example[presage.Board](a, exampleBoard())
	route(a, h.Logger, op, h.board)

	op = post("move-booking", "/v1/bookings/{id}/move", tag, "Move a visit to another time, bay or technician")
	op.Description = "What is left out stays where it is free. Of another time the customer is told, once; of another " +
		"bay or technician nobody. Another time makes another booking of the same case; its sequence rises (RFC 5545). " +
		"409: not free, begun, or no longer the visit; then it stands as it is."
	op.Errors = append(op.Errors, http.StatusGone)
	op.Responses = example[presage.Booking](a, exampleMoved())
	route(a, h.Logger, op, h.moveBooking)

	op = post("block-time", path+"/blocks", tag, "Close a workshop for a time, or take a bay or technician away")
	op.Description = "Times are local: a day, the last one included, or an hour; without `to` the rest of the day. 409 " +
		"names the visits in the way; with their IDs in `seen` the block stands, and each is planned anew: with another " +
		"bay or technician at its time, else it is cancelled, the customer is told and a person calls. The block is a " +
		"closure or an absence in the workshop's record (PUT /v1/fleet)."
	op.DefaultStatus = http.StatusCreated
	op.Responses = created(a, exampleBlocked())
	route(a, h.Logger, op, h.block)

	op = huma.Operation{
		OperationID: "unblock-time", Method: http.MethodDelete, Path: path + "/blocks/{block}", Tags: []string{tag},
		Summary: "Take a block back", Errors: []int{http.StatusNotFound}, DefaultStatus: http.StatusNoContent,
	}
	route(a, h.Logger, op, h.unblock)

	op = post("call-in-sick", path+"/sick", tag, "A technician is not there for the rest of today")
	op.Description = "As a block that asks nobody; the answer says what became of each visit."
	op.DefaultStatus = http.StatusCreated
	op.Responses = created(a, exampleBlocked())
	route(a, h.Logger, op, h.sick)

	op = post("walk-in", path+"/walk-ins", tag, "Take in a car that stands in front, at the next free time of today")
	op.Description = "The case that the car waits with is booked, with what else is to be done, else a new one without " +
		"a prediction. Bay, technician and parts are sold like any others; the customer is there and is told nothing. 404: " +
		"the car is not registered (PUT /v1/fleet); 409: nothing is free today, or the car has a visit."
	op.DefaultStatus = http.StatusCreated
	op.Errors = append(op.Errors, http.StatusGone)
	op.Responses = created(a, exampleWalkIn())
	route(a, h.Logger, op, h.walkIn)
}

type boardInput struct {
	ID   string `path:"id" maxLength:"64" example:"w-1"`
	Day  string `query:"day" maxLength:"10" doc:"Local to the workshop; today when absent" example:"2026-12-07"`
	Days int    `query:"days" minimum:"1" maximum:"31" default:"1"`
}

func (h *handlers) board(ctx context.Context, in *boardInput) (*body[presage.Board], error) {
	b, err := h.Board.Board(ctx, in.ID, in.Day, in.Days)
	if err != nil {
		return nil, err
	}
	for i := range b.Days {
		d := &b.Days[i]
		d.Open, d.Shut, d.Visits = nonNil(d.Open), nonNil(d.Shut), nonNil(d.Visits)
	}
	return &body[presage.Board]{Body: b}, nil
}

type moveInput struct {
	ID   string `path:"id" maxLength:"64"`
	Body struct {
		Start        time.Time `json:"start,omitzero" doc:"At a quarter hour; the same time when absent" example:"2026-12-07T02:15:00Z"` //nolint:lll // a tag cannot be broken
		BayID        string    `json:"bay_id,omitempty" maxLength:"64" example:"w-1-b2"`
		TechnicianID string    `json:"technician_id,omitempty" maxLength:"64" example:"w-1-t1"`
		Who          string    `json:"who" minLength:"1" maxLength:"100" doc:"The person; goes into the case's history" example:"Zhao Min"` //nolint:lll // a tag cannot be broken
	}
}

func (h *handlers) moveBooking(ctx context.Context, in *moveInput) (*body[presage.Booking], error) {
	x := in.Body
	b, err := h.Mover.MoveVisit(ctx, presage.VisitMove{
		BookingID: in.ID, Start: x.Start.UTC(), BayID: x.BayID, TechnicianID: x.TechnicianID, Who: signed(ctx, x.Who),
	})
	if err != nil {
		return nil, err
	}
	return &body[presage.Booking]{Body: b}, nil
}

type blockInput struct {
	ID   string `path:"id" maxLength:"64" example:"w-1"`
	Body struct {
		Resource string   `json:"resource,omitempty" maxLength:"64" doc:"Bay or technician; none: the whole workshop" example:"w-1-t1"` //nolint:lll // a tag cannot be broken
		From     string   `json:"from" minLength:"10" maxLength:"16" example:"2026-12-07T08:00"`
		To       string   `json:"to,omitempty" maxLength:"16" example:"2026-12-07T12:00"`
		Note     string   `json:"note,omitempty" maxLength:"200" example:"Training"`
		Who      string   `json:"who" minLength:"1" maxLength:"100" doc:"The person" example:"Zhao Min"`
		Seen     []string `json:"seen,omitempty" maxItems:"1000" doc:"Bookings in the way that are to be planned anew"`
	}
}

func (h *handlers) block(ctx context.Context, in *blockInput) (*body[presage.Blocked], error) {
	x := in.Body
	return blocked(h.Board.Block(ctx, presage.Block{
		WorkshopID: in.ID, Who: signed(ctx, x.Who), Seen: x.Seen,
		Absence: presage.Absence{
			Resource: x.Resource, Closure: presage.Closure{From: x.From, To: x.To, Note: strings.TrimSpace(x.Note)},
		},
	}))
}

func blocked(b presage.Blocked, err error) (*body[presage.Blocked], error) {
	if err != nil {
		return nil, err
	}
	b.Affected = nonNil(b.Affected)
	return &body[presage.Blocked]{Body: b}, nil
}

type blockPath struct {
	ID    string `path:"id" maxLength:"64" example:"w-1"`
	Block string `path:"block" maxLength:"128" example:"w-1-t1.20261207T0800.20261207T1200"`
	Who   string `query:"who" maxLength:"100" doc:"The person; none: whose key it is" example:"Zhao Min"`
}

func (h *handlers) unblock(ctx context.Context, in *blockPath) (*struct{}, error) {
	return nil, h.Board.Unblock(ctx, in.ID, in.Block, signedAnyway(ctx, in.Who))
}

type sickInput struct {
	ID   string `path:"id" maxLength:"64" example:"w-1"`
	Body struct {
		TechnicianID string `json:"technician_id" minLength:"1" maxLength:"64" example:"w-1-t1"`
		Note         string `json:"note,omitempty" maxLength:"200"`
		Who          string `json:"who" minLength:"1" maxLength:"100" doc:"Who took the call" example:"Zhao Min"`
	}
}

func (h *handlers) sick(ctx context.Context, in *sickInput) (*body[presage.Blocked], error) {
	x := in.Body
	return blocked(h.Board.Sick(ctx, in.ID, x.TechnicianID, strings.TrimSpace(x.Note), signed(ctx, x.Who)))
}

type walkInInput struct {
	ID   string `path:"id" maxLength:"64" example:"w-1"`
	Body struct {
		VIN          string                `json:"vin" minLength:"1" maxLength:"17" example:"LPSVSEDE4R0000042"`
		Components   []presage.ComponentID `json:"components" minItems:"1" maxItems:"20" doc:"What is to be repaired: it decides the time and the parts"` //nolint:lll // a tag cannot be broken
		BayID        string                `json:"bay_id,omitempty" maxLength:"64"`
		TechnicianID string                `json:"technician_id,omitempty" maxLength:"64"`
		Note         string                `json:"note,omitempty" maxLength:"500" doc:"The customer's words"`
		Who          string                `json:"who" minLength:"1" maxLength:"100" doc:"The person at the desk" example:"Zhao Min"` //nolint:lll // a tag cannot be broken
	}
}

func (h *handlers) walkIn(ctx context.Context, in *walkInInput) (*body[presage.Booking], error) {
	x := in.Body
	b, err := h.Board.WalkIn(ctx, presage.WalkIn{
		WorkshopID: in.ID, VIN: presage.VIN(strings.ToUpper(x.VIN)), Components: x.Components,
		BayID: x.BayID, TechnicianID: x.TechnicianID,
		Note: strings.TrimSpace(x.Note), Who: signed(ctx, x.Who),
	})
	if err != nil {
		return nil, err
	}
	return &body[presage.Booking]{Body: b}, nil
}

func exampleWalkIn() presage.Booking {
	b := exampleMoved()
	b.State, b.Via, b.Sequence = presage.BookingArrived, "walk_in", 0
	b.Wishes = presage.Wishes{Note: "Squeals when braking"}
	return b
}

func exampleMoved() presage.Booking {
	start := time.Date(2026, 12, 7, 2, 15, 0, 0, time.UTC)
	return presage.Booking{
		ID: "b4n3k2jq7lmno5pq", CaseID: "cfh3k2jq7lmno5pq", VIN: "LPSVSEDE4R0000042", CustomerID: "c-10042",
		WorkshopID: "w-1", BayID: "w-1-b2", TechnicianID: "w-1-t1", Start: start, End: start.Add(75 * time.Minute),
		Jobs: []string{"brake_pads_front_replace"}, Parts: []presage.PartQuantity{{Part: "BP-F-2041", Quantity: 1}},
		State: presage.BookingConfirmed, CreatedAt: start.AddDate(0, 0, -3), UpdatedAt: start.AddDate(0, 0, -3),
		Via: "adviser", Sequence: 2, Wishes: presage.Wishes{Stay: presage.StayWait},
	}
}

func exampleBlocked() presage.Blocked {
	day := time.Date(2026, 12, 7, 0, 0, 0, 0, time.UTC)
	return presage.Blocked{
		Stretch: presage.Stretch{
			ID: "w-1-t1.20261207T0800.20261207T1200", Resource: "w-1-t1", Note: "Training",
			From: day, To: day.Add(4 * time.Hour),
		},
		Affected: []presage.Affected{{Fate: presage.FateReplanned, Visit: exampleMoved()}},
	}
}

func exampleBoard() presage.Board {
	midnight := time.Date(2026, 12, 6, 16, 0, 0, 0, time.UTC)
	return presage.Board{WorkshopID: "w-1", Zone: "Asia/Shanghai", Days: []presage.BoardDay{{
		Day: "2026-12-07", From: midnight, To: midnight.AddDate(0, 0, 1),
		Open:   []presage.Span{{From: midnight.Add(8 * time.Hour), To: midnight.Add(18 * time.Hour)}},
		Shut:   []presage.Stretch{exampleBlocked().Stretch},
		Visits: []presage.BoardVisit{{Booking: exampleMoved()}},
	}}}
}
