package presage

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"
)

// OrderActKind is what can be done to an order.
type OrderActKind string

// What can be done to an order.
const (
	ActPlace   OrderActKind = "place"
	ActConfirm OrderActKind = "confirm"
	ActReceive OrderActKind = "receive"
	ActCancel  OrderActKind = "cancel"
)

// OrderAct is something that was done to an order.
type OrderAct struct {
	Key     string         `json:"key" doc:"The caller's; the same act again changes nothing"`
	OrderID string         `json:"order_id"`
	Kind    OrderActKind   `json:"kind" enum:"place,confirm,receive,cancel"`
	By      string         `json:"by"`
	Note    string         `json:"note,omitempty"`
	At      time.Time      `json:"at" doc:"When it happened"`
	Lines   []OrderActLine `json:"lines" doc:"Of none, every line that it can be done to"`
}

// OrderActLine is a line that an act is about: by its number, or by its part.
type OrderActLine struct {
	Line       int       `json:"line,omitempty"`
	Part       string    `json:"part,omitempty"`
	Pieces     int       `json:"pieces,omitempty" doc:"All that is left when 0"`
	ExpectedAt time.Time `json:"expected_at,omitzero"`
}

// After is the order after the act, and what it moved on the shelves. It changes
// neither. ErrInvalid names every line that is wrong, ErrConflict says why the act
// cannot be done any more.
func (o Order) After(act OrderAct) (Order, []StockMovement, error) {
	o.Lines = slices.Clone(o.Lines)
	lines, err := o.Meant(act)
	if err != nil {
		return o, nil, err
	}
	var moves []StockMovement
	var wrong, late []error
	for i, x := range lines {
		l := &o.Lines[x.Line-1]
		err := l.take(act, x)
		switch {
		case errors.Is(err, ErrInvalid):
			wrong = append(wrong, fmt.Errorf("lines[%d]%w", i, err))
		case err != nil:
			late = append(late, fmt.Errorf("line %d: %w", x.Line, err))
		case act.Kind == ActReceive:
			moves = append(moves, StockMovement{
				DepotID: o.DepotID, Part: l.Part, Kind: MoveReceipt, Pieces: x.Pieces, At: act.At, Ref: o.ID, Line: l.Line,
				By: act.By, Why: act.Note,
			})
		}
	}
	if len(wrong) > 0 {
		return o, nil, errors.Join(wrong...)
	}
	if len(late) > 0 {
		return o, nil, errors.Join(late...)
	}
	o.Settle()
	return o, moves, nil
}

// fits tells whether a line of the state can be acted on in this way.
func (k OrderActKind) fits(s OrderState) bool {
	switch k {
	case ActPlace:
		return s == OrderProposed
	case ActCancel:
		return s != OrderReceived && s != OrderCancelled
	case ActConfirm, ActReceive:
		return s == OrderPlaced || s == OrderConfirmed || s == OrderPartly
	}
	return false
}

// Meant finds the lines that an act is about, with their numbers, pieces and days. ErrInvalid
// names every line that the order does not have, ErrConflict says that no line fits.
func (o Order) Meant(act OrderAct) ([]OrderActLine, error) {
	if len(act.Lines) == 0 {
		return o.fitting(act.Kind)
	}
	var out []OrderActLine
	var faults []error
	for i, x := range act.Lines {
		x.Line = o.numberOf(x, act.Kind)
		if x.Line < 1 || x.Line > len(o.Lines) {
			faults = append(faults, Refuse(fmt.Errorf("lines[%d].line: %w: order %s has the lines 1 to %d", i, ErrInvalid,
				o.ID, len(o.Lines)), WhyNoSuchLine, "most", strconv.Itoa(len(o.Lines))))
			continue
		}
		l := o.Lines[x.Line-1]
		switch {
		case slices.ContainsFunc(out, func(y OrderActLine) bool { return y.Line == x.Line }):
			faults = append(faults, fmt.Errorf("lines[%d].line: %w: line %d is named twice", i, ErrInvalid, x.Line))
		case x.Part != "" && x.Part != l.Part:
			faults = append(faults, fmt.Errorf("lines[%d].part: %w: line %d is of part %s", i, ErrInvalid, x.Line, l.Part))
		}
		if x.Pieces == 0 {
			x.Pieces = l.Rest()
		}
		if x.ExpectedAt.IsZero() {
			x.ExpectedAt = l.ExpectedAt
		}
		out = append(out, x)
	}
	return out, errors.Join(faults...)
}

// fitting are all lines that can be acted on in this way.
func (o Order) fitting(kind OrderActKind) (out []OrderActLine, err error) {
	for _, l := range o.Lines {
		if kind.fits(l.State) {
			out = append(out, OrderActLine{Line: l.Line, Pieces: l.Rest(), ExpectedAt: l.ExpectedAt})
		}
	}
	if len(out) == 0 {
		err = Refuse(fmt.Errorf("order %s: %w: it is %s; no line of it can be %s", o.ID, ErrConflict, o.State, kind.done()),
			WhyOrderIs, "state", string(o.State))
	}
	return out, err
}

// numberOf is the number of the line that is meant: where it is named by its part, the
// first that can be acted on in this way, else the first; 0 for none.
func (o Order) numberOf(x OrderActLine, kind OrderActKind) int {
	if x.Line != 0 || x.Part == "" {
		return x.Line
	}
	of := func(l OrderLine) bool { return l.Part == x.Part }
	fitting := slices.IndexFunc(o.Lines, func(l OrderLine) bool { return of(l) && kind.fits(l.State) })
	if fitting < 0 {
		fitting = slices.IndexFunc(o.Lines, of)
	}
	return fitting + 1
}

// done is the act in the past.
func (k OrderActKind) done() string {
	return map[OrderActKind]string{
		ActPlace: "placed", ActConfirm: "confirmed", ActReceive: "received", ActCancel: "cancelled",
	}[k]
}

// take does the act to the line.
func (l *OrderLine) take(act OrderAct, x OrderActLine) error {
	if !act.Kind.fits(l.State) {
		return Refuse(fmt.Errorf("%w: it is %s and cannot be %s", ErrConflict, l.State, act.Kind.done()),
			WhyOrderIs, "line", strconv.Itoa(l.Line), "state", string(l.State))
	}
	if x.Pieces < 1 {
		return Refuse(fmt.Errorf(".pieces: %w: %d: want at least 1", ErrInvalid, x.Pieces),
			WhyPiecesBetween, "line", strconv.Itoa(l.Line), "least", "1")
	}
	switch act.Kind {
	case ActPlace:
		if x.ExpectedAt.IsZero() {
			return Refuse(fmt.Errorf(".expected_at: %w: want the day on which it is promised", ErrInvalid),
				WhyDayMissing, "line", strconv.Itoa(l.Line))
		}
		l.Quantity = x.Pieces + l.Cancelled
		l.PlacedAt, l.PromisedAt, l.ExpectedAt = act.At, x.ExpectedAt, x.ExpectedAt
	case ActConfirm:
		l.ConfirmedAt, l.ExpectedAt = act.At, x.ExpectedAt
	case ActReceive, ActCancel:
		return l.end(act, x.Pieces)
	}
	return nil
}

// end receives or cancels pieces.
func (l *OrderLine) end(act OrderAct, pieces int) error {
	rest := l.Rest()
	switch {
	case pieces > rest:
		return Refuse(fmt.Errorf("%w: %d pieces: only %d are left of %d", ErrConflict, pieces, rest, l.Quantity),
			WhyPiecesLeft, "line", strconv.Itoa(l.Line), "pieces", strconv.Itoa(pieces), "left", strconv.Itoa(rest))
	case act.Kind == ActCancel:
		l.Cancelled += pieces
		return nil
	case act.At.Before(l.PlacedAt):
		return Refuse(fmt.Errorf(".at: %w: it was placed at %s, later than that", ErrInvalid,
			l.PlacedAt.Format(time.RFC3339)), WhyBeforePlaced, "line", strconv.Itoa(l.Line))
	}
	l.Received += pieces
	if act.At.After(l.ReceivedAt) {
		l.ReceivedAt = act.At
	}
	return nil
}
