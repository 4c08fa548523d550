package presage

import "time"

// The kinds of planners' records that other systems have names for.
const (
	KindDepot    = "depot"
	KindPart     = "part"
	KindSupplier = "supplier"
)

// SupplyBatch is what a planner's system says, worked out against what was known: all of it is
// stored, or nothing. Orders come before receipts, and those before what is moved by hand.
type SupplyBatch struct {
	Source string // the name of the planner's system, "" for none
	By     string
	Now    time.Time
	DryRun bool // work out what would change, and change nothing

	External   []External // what the system calls records of ours
	Depots     []Depot
	Parts      []Part              // those that are new or changed, whole
	PartsSeen  int64               // the version of the master that they were made in view of
	Parameters *PlanningParameters // the next version, for suppliers and what they sell; nil for none
	Bins       []Stock             // where parts lie
	Orders     []ImportedOrder
	Receipts   []ImportedReceipt
	Moves      []ImportedMoves
}

// ImportedOrder is an order that was placed elsewhere.
type ImportedOrder struct {
	Order

	Key string
}

// ImportedMoves are movements that are known by one key. Mark tells two uses of a key apart.
type ImportedMoves struct {
	StockAct

	Mark string
}

// ImportedReceipt is what came of a line of an order. Row is where it stands, for faults.
type ImportedReceipt struct {
	OrderAct

	Row string
}

// SupplyWish is who sends planners' records, and whether they are tried alone.
type SupplyWish struct {
	Source string // the name of the planner's system, "" for none
	By     string
	Key    string // of movements without an external ID; the same again moves nothing
	DryRun bool
}

// SupplyTable is a list of planners' records as files have it.
type SupplyTable struct {
	Names []string // of the columns
	Rows  [][]string
}

// SupplyDone is what became of a batch, or would.
type SupplyDone struct {
	// Received are the orders after each of the receipts; those before it are Before. Where the
	// key of a receipt was known already, both are the same.
	Before, Received []Order
	// OnHand is what was on hand before each line of each of the moves; nil for an act whose key
	// was known already.
	OnHand [][]int
}

// SupplyReport tells what an import of planners' records changed, or would.
type SupplyReport struct {
	Source    string         `json:"source,omitempty"`
	DryRun    bool           `json:"dry_run"`
	Rows      int            `json:"rows" doc:"Read from the file"`
	Created   int            `json:"created"`
	Updated   int            `json:"updated"`
	Unchanged int            `json:"unchanged"`
	Changes   []SupplyChange `json:"changes" doc:"At most 1,000 of them"`
}

// SupplyChange is one row that changes something.
type SupplyChange struct {
	List   string        `json:"list" enum:"depots,parts,suppliers,prices,stock,orders,receipts,counts,movements"`
	Place  string        `json:"place" doc:"The row: line 2, or /parts/0 in JSON"`
	ID     string        `json:"id" doc:"Ours"`
	Done   string        `json:"done" enum:"created,updated"`
	Fields []FieldChange `json:"fields"`
}

// FieldChange is a field before and after, as a file has it; Was is empty for what is new.
type FieldChange struct {
	Name string `json:"name"`
	Was  string `json:"was"`
	Is   string `json:"is"`
}

const mostSupplyChanges = 1000

// Add counts a row that changes fields; of one that changes none, that it is unchanged.
func (r *SupplyReport) Add(x SupplyChange) {
	switch {
	case len(x.Fields) == 0:
		r.Unchanged++
		return
	case x.Done == "created":
		r.Created++
	default:
		r.Updated++
	}
	if len(r.Changes) < mostSupplyChanges {
		r.Changes = append(r.Changes, x)
	}
}
