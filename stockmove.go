package presage

import (
	"fmt"
	"time"
)

// StockMovement is a change of what lies on a shelf. Movements are written once and
// never changed: a mistake is mended by another movement. What is on hand is the sum
// of the pieces of a part's movements at a depot, whose numbers N run from 1
// without a gap.
type StockMovement struct {
	DepotID    string       `json:"depot_id"`
	Part       string       `json:"part"`
	N          int64        `json:"n" doc:"The number of the movement of this part at this depot, from 1 without a gap"`
	Kind       MovementKind `json:"kind" enum:"opening,count,correction,return,supplier_return,scrap,receipt,use,unuse,transfer_out,transfer_in,transfer_back"` //nolint:lll // a tag cannot be broken
	Pieces     int          `json:"pieces" doc:"Onto the shelf; below 0 off it"`
	OnHand     int          `json:"on_hand" doc:"Afterwards"`
	At         time.Time    `json:"at,omitzero" doc:"When it happened"`
	RecordedAt time.Time    `json:"recorded_at,omitzero" doc:"When it was written down; absent for what was there before the ledger"` //nolint:lll // a tag cannot be broken
	Ref        string       `json:"ref,omitempty" doc:"The order, the transfer or the visit"`
	Line       int          `json:"line,omitempty" doc:"Of the order"`
	By         string       `json:"by,omitempty"`
	Why        string       `json:"why,omitempty"`
}

// MovementKind is why stock moved.
type MovementKind string

// The kinds of movements.
const (
	MoveOpening        MovementKind = "opening"         // what was there when the shelf was first counted
	MoveCount          MovementKind = "count"           // somebody counted
	MoveCorrection     MovementKind = "correction"      // a mistake is mended, either way
	MoveReturn         MovementKind = "return"          // an unused piece comes back
	MoveSupplierReturn MovementKind = "supplier_return" // goes back to the supplier
	MoveScrap          MovementKind = "scrap"           // broken or too old
	MoveReceipt        MovementKind = "receipt"         // of an order
	MoveUse            MovementKind = "use"             // in a car
	MoveUnuse          MovementKind = "unuse"           // a finding that is taken back
	MoveTransferOut    MovementKind = "transfer_out"    // to another depot
	MoveTransferIn     MovementKind = "transfer_in"     // from another depot
	MoveTransferBack   MovementKind = "transfer_back"   // picked, and put back
)

// ByHand tells whether a person may write such a movement; the others follow from
// orders and visits.
func (k MovementKind) ByHand() bool {
	switch k {
	case MoveCount, MoveCorrection, MoveReturn, MoveSupplierReturn, MoveScrap:
		return true
	case MoveOpening, MoveReceipt, MoveUse, MoveUnuse, MoveTransferOut, MoveTransferIn, MoveTransferBack:
	}
	return false
}

// StockAct is what somebody did at the shelves, all of it or nothing.
type StockAct struct {
	Key   string // of the caller's; the same act again moves nothing
	By    string
	Why   string
	At    time.Time // when; zero for now
	Lines []StockActLine
}

// StockActLine is one of the movements. Pieces is what was counted for a count, with a
// sign for a correction, and without one for the others.
type StockActLine struct {
	DepotID string
	Part    string
	Kind    MovementKind
	Pieces  int
	// Why and At are the line's own, where it has others than the act.
	Why string    `json:",omitempty"`
	At  time.Time `json:",omitzero"`
	// Places are those of its fields in the file that it was read from; nil for none.
	Places map[string]string `json:"-"`
}

// Field is how a fault names a field of the line i.
func (a StockAct) Field(i int, name string) string {
	if place, ok := a.Lines[i].Places[name]; ok {
		return place
	}
	return fmt.Sprintf("movements[%d].%s", i, name)
}

// Change is how many pieces go onto the shelf, where so many are on hand.
func (l StockActLine) Change(onHand int) int {
	switch l.Kind {
	case MoveCount:
		return l.Pieces - onHand
	case MoveSupplierReturn, MoveScrap, MoveUse, MoveTransferOut:
		return -l.Pieces
	case MoveOpening, MoveCorrection, MoveReturn, MoveReceipt, MoveUnuse, MoveTransferIn, MoveTransferBack:
	}
	return l.Pieces
}

// MovementFilter selects movements; zero fields select everything. Those that were
// written down last come first.
type MovementFilter struct {
	DepotID string
	Part    string
	Kind    MovementKind
	Ref     string
	After   *StockMovement // those after it
	Limit   int
}
