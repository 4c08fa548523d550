package presage

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"
)

// Shipment is an order between depots: pieces that one gives to another.
//
//	proposed --pick--> picked --ship--> in_transit --receive--> received
//	    \---------------\------------------\-----back-------> cancelled
//
// Picked pieces leave the shelf and are on order at the other depot until they are received
// there or come back. What was picked and did not come is missing; if it turns up, it is
// received after all.
type Shipment struct {
	ID        string         `json:"id"`
	From      string         `json:"from" doc:"Depot"`
	To        string         `json:"to" doc:"Depot"`
	State     ShipmentState  `json:"state" enum:"proposed,picked,in_transit,received,cancelled"`
	By        string         `json:"by" doc:"Who made it"`
	Note      string         `json:"note,omitempty"`
	CreatedAt time.Time      `json:"created_at"`
	UpdatedAt time.Time      `json:"updated_at"`
	PickedAt  time.Time      `json:"picked_at,omitzero"`
	ShippedBy string         `json:"shipped_by,omitempty" doc:"Who sent it off"`
	ShippedAt time.Time      `json:"shipped_at,omitzero"`
	Expected  time.Time      `json:"expected_at,omitzero" doc:"At the other depot"`
	Lines     []ShipmentLine `json:"lines"`
}

// ShipmentState is how far a shipment has come.
type ShipmentState string

// The states of shipments.
const (
	ShipmentProposed  ShipmentState = "proposed"
	ShipmentPicked    ShipmentState = "picked"
	ShipmentInTransit ShipmentState = "in_transit"
	ShipmentReceived  ShipmentState = "received"
	ShipmentCancelled ShipmentState = "cancelled"
)

// ShipmentLine is a part of a shipment, in pieces.
type ShipmentLine struct {
	Line     int    `json:"line" doc:"From 1"`
	Part     string `json:"part"`
	Quantity int    `json:"quantity" doc:"Asked for"`
	Picked   int    `json:"picked" doc:"Taken off the shelf"`
	Received int    `json:"received"`
	Missing  int    `json:"missing" doc:"Picked, and not there when the rest was received"`
}

// Open is how many pieces of a line are on their way.
func (s Shipment) Open(l ShipmentLine) int {
	if s.State == ShipmentPicked || s.State == ShipmentInTransit {
		return l.Picked - l.Received
	}
	return 0
}

// Missing is how many pieces did not come.
func (s Shipment) Missing() int {
	n := 0
	for _, l := range s.Lines {
		n += l.Missing
	}
	return n
}

// ShipmentActKind is what can be done to a shipment.
type ShipmentActKind string

// What can be done to a shipment.
const (
	ShipPick    ShipmentActKind = "pick"
	ShipSend    ShipmentActKind = "ship"
	ShipReceive ShipmentActKind = "receive"
	ShipBack    ShipmentActKind = "back"
)

// ShipmentAct is something that was done to a shipment.
type ShipmentAct struct {
	Key        string
	ShipmentID string
	Kind       ShipmentActKind
	By         string
	Note       string
	At         time.Time
	ExpectedAt time.Time // of ship; zero keeps the day
	Lines      []ShipmentActLine
}

// ShipmentActLine is a line that an act is about: all that is asked for or on its way, or
// so many pieces. Lines that an act does not name are meant whole.
type ShipmentActLine struct {
	Line   int `json:"line"`
	Pieces int `json:"pieces"`
}

// ShipmentDraft is a shipment as somebody asks for it.
type ShipmentDraft struct {
	Key   string
	From  string
	To    string
	By    string
	Note  string
	Lines []OrderDraftLine
}

// ShipmentFilter selects shipments; zero fields select everything. The newest come first.
type ShipmentFilter struct {
	DepotID string // that gives or takes
	State   ShipmentState
	Open    bool   // neither received nor cancelled
	After   string // the ID of a shipment: those after it
	Limit   int
}

// fits tells whether an act can be done in a state.
func (k ShipmentActKind) fits(s ShipmentState, missing int) bool {
	switch k {
	case ShipPick:
		return s == ShipmentProposed
	case ShipSend:
		return s == ShipmentPicked
	case ShipReceive:
		return s == ShipmentPicked || s == ShipmentInTransit || s == ShipmentReceived && missing > 0
	case ShipBack:
		return s == ShipmentProposed || s == ShipmentPicked || s == ShipmentInTransit
	}
	return false
}

// After is the shipment after the act, and what it moved on the shelves of both depots. It
// changes neither. ErrInvalid names every line that is wrong, ErrConflict says why the act
// cannot be done any more.
func (s Shipment) After(act ShipmentAct) (Shipment, []StockMovement, error) {
	s.Lines = slices.Clone(s.Lines)
	if !act.Kind.fits(s.State, s.Missing()) {
		return s, nil, Refuse(fmt.Errorf("transfer %s: %w: it is %s", s.ID, ErrConflict, s.State),
			WhyTransferIs, "state", string(s.State))
	}
	pieces, err := s.meant(act)
	if err != nil {
		return s, nil, err
	}
	var moves []StockMovement
	move := func(depot string, l ShipmentLine, kind MovementKind, n int) {
		if n != 0 {
			moves = append(moves, StockMovement{
				DepotID: depot, Part: l.Part, Kind: kind, Pieces: n, At: act.At, Ref: s.ID, Line: l.Line, By: act.By, Why: act.Note,
			})
		}
	}
	for i := range s.Lines {
		l := &s.Lines[i]
		switch act.Kind {
		case ShipPick:
			l.Picked = pieces[i]
			move(s.From, *l, MoveTransferOut, -l.Picked)
		case ShipReceive:
			l.Received += pieces[i]
			l.Missing = l.Picked - l.Received
			move(s.To, *l, MoveTransferIn, pieces[i])
		case ShipBack:
			move(s.From, *l, MoveTransferBack, l.Picked-l.Received)
		case ShipSend:
		}
	}
	s.step(act)
	return s, moves, nil
}

// step moves the state on.
func (s *Shipment) step(act ShipmentAct) {
	switch act.Kind {
	case ShipPick:
		s.State, s.PickedAt = ShipmentPicked, act.At
	case ShipSend:
		s.State, s.ShippedBy, s.ShippedAt = ShipmentInTransit, act.By, act.At
	case ShipReceive:
		s.State = ShipmentReceived
	case ShipBack:
		s.State = ShipmentCancelled
	}
	if !act.ExpectedAt.IsZero() {
		s.Expected = act.ExpectedAt
	}
}

// most are the pieces of each line that an act can be about.
func (s Shipment) most(kind ShipmentActKind) []int {
	out := make([]int, len(s.Lines))
	for i, l := range s.Lines {
		out[i] = l.Picked - l.Received
		if kind == ShipPick {
			out[i] = l.Quantity
		}
	}
	return out
}

// meant are the pieces of each line that an act is about.
func (s Shipment) meant(act ShipmentAct) ([]int, error) {
	most := s.most(act.Kind)
	out := slices.Clone(most)
	var faults []error
	for i, x := range act.Lines {
		switch {
		case act.Kind == ShipSend || act.Kind == ShipBack:
			faults = append(faults, fmt.Errorf("lines: %w: it is the whole transfer that is sent or comes back", ErrInvalid))
		case x.Line < 1 || x.Line > len(s.Lines):
			faults = append(faults, Refuse(fmt.Errorf("lines[%d].line: %w: transfer %s has the lines 1 to %d", i, ErrInvalid,
				s.ID, len(s.Lines)), WhyNoSuchLine, "most", strconv.Itoa(len(s.Lines))))
		case x.Pieces < 0 || x.Pieces > most[x.Line-1]:
			faults = append(faults, Refuse(fmt.Errorf("lines[%d].pieces: %w: %d: want 0 to %d",
				i, ErrInvalid, x.Pieces, most[x.Line-1]),
				WhyPiecesBetween, "line", strconv.Itoa(x.Line), "least", "0", "most", strconv.Itoa(most[x.Line-1])))
		default:
			out[x.Line-1] = x.Pieces
		}
	}
	none := !slices.ContainsFunc(out, func(n int) bool { return n > 0 })
	if act.Kind == ShipPick && none {
		faults = append(faults, Refuse(fmt.Errorf("lines: %w: nothing is picked", ErrInvalid), WhyNothingPicked))
	}
	return out, errors.Join(faults...)
}
