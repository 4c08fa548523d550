package orders

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"presage"
	"presage/forecast/stock"
	"presage/internal/records"
)

// SupplyStore keeps what planners' systems send; sqlstore provides it.
type SupplyStore interface {
	// ImportSupply stores a batch, all or nothing. ErrInvalid names every line that an order or a
	// shelf refuses; ErrConflict says that what the batch was made in view of has changed.
	ImportSupply(ctx context.Context, b presage.SupplyBatch) (presage.SupplyDone, error)
	// Externals is what a system calls records of ours.
	Externals(ctx context.Context, source string, kinds ...string) ([]presage.External, error)
	PlanningParameters(ctx context.Context, version int64) (presage.PlanningParameters, error)
}

// The lists that can be imported, in the order in which a file's are taken: each refers to those before.
func lists() []string {
	return []string{
		listDepots, listSuppliers, listParts, listPrices, listOrders, listReceipts, listStock, listCounts, listMoves,
	}
}

const (
	listDepots    = "depots"
	listSuppliers = "suppliers"
	listParts     = "parts"
	listPrices    = "prices"
	listOrders    = "orders"
	listReceipts  = "receipts"
	listStock     = "stock"
	listCounts    = "counts"
	listMoves     = "movements"
)

const (
	mostRows  = 20_000
	mostTries = 3
)

// Import takes in what a planner's system says: a list as CSV (UTF-8) or as JSON, or without a
// list JSON of several. All of it is done, or nothing: ErrInvalid names every fault by line and
// column, or by JSON pointer. The same once more changes nothing.
func (b *Book) Import(ctx context.Context, w presage.SupplyWish, list string, data []byte,
) (report presage.SupplyReport, err error) {
	var f faults
	f.text("key", w.Key, mostKey)
	f.who(w.By)
	f.source(w.Source)
	rows, wrong := readSupply(list, data)
	f = append(f, wrong...)
	f.want(len(f) > 0 || len(rows) > 0 && len(rows) <= mostRows, "rows", "%d: want 1 to %d, in several files if need be",
		len(rows), mostRows)
	slices.SortStableFunc(rows, func(a, b records.Row) int {
		return cmp.Compare(slices.Index(lists(), a.Kind), slices.Index(lists(), b.Kind))
	})
	for range mostTries {
		if report, err = b.take(ctx, w, rows, slices.Clone(f)); !errors.Is(err, presage.ErrConflict) {
			break
		}
	}
	return report, err
}

// source is the name of a system, "" for none.
func (f *faults) source(name string) {
	f.want(name == "" || presage.CheckID(name) == nil && len(name) <= 40, "source",
		"%.64q: want a name of the planner's system, such as erp-1", name)
}

// readSupply reads rows whose Kind is the name of their list.
func readSupply(list string, data []byte) ([]records.Row, []error) {
	form := records.Form{Kinds: map[string]string{}}
	for _, name := range lists() {
		form.Kinds[name] = name
	}
	text := bytes.TrimSpace(data)
	switch {
	case list == "" || bytes.HasPrefix(text, []byte("{")):
		return form.JSON("", data)
	case bytes.HasPrefix(text, []byte("[")):
		return form.JSON("", fmt.Appendf(nil, "{%q:%s}", list, data))
	}
	return form.CSV("", list, data)
}

// take works out what rows change, and does it.
func (b *Book) take(ctx context.Context, w presage.SupplyWish, rows []records.Row, wrong []error,
) (presage.SupplyReport, error) {
	b.Fresh()
	x, err := b.taking(ctx, w, wrong)
	if err != nil {
		return presage.SupplyReport{}, err
	}
	for _, r := range rows {
		f := records.Of(r, &x.faults)
		if err := x.row(ctx, f); err != nil {
			return presage.SupplyReport{}, err
		}
		f.Rest()
	}
	x.finish()
	if err := records.Joined(x.faults); err != nil {
		return presage.SupplyReport{}, err
	}
	done, err := b.Store.ImportSupply(ctx, x.batch)
	if err != nil {
		return presage.SupplyReport{}, err
	}
	x.tell(done)
	x.report.Rows = len(rows)
	if !w.DryRun && x.report.Created+x.report.Updated > 0 {
		b.Fresh()
		b.Replan()
	}
	return x.report, nil
}

// taking is one import at work: what is known, as the rows so far leave it.
type taking struct {
	*Book

	wish       presage.SupplyWish
	batch      presage.SupplyBatch
	report     presage.SupplyReport
	faults     []error
	depots     []presage.Depot
	master     *presage.PartsMaster
	parts      map[string]presage.Part // new or changed
	replaced   *records.Fields         // the last row that says what a part replaces
	parameters presage.PlanningParameters
	shelves    map[[2]string]presage.Stock
	names      map[[2]string]string // ours by kind and external ID
	first      map[[3]string]string // place by list and what a row is about
	drafts     []*importedOrder
	draftOf    map[string]int // by external ID
	received   []*records.Fields
	moved      [][]movedRow // of each act of the batch
	ownKey     string       // of the movements of a file without a key
	common     int          // the act of all movements without an external ID; -1 for none
}

// taking reads what is known.
func (b *Book) taking(ctx context.Context, w presage.SupplyWish, wrong []error) (*taking, error) {
	x := &taking{
		Book: b, wish: w, faults: wrong, master: b.Catalogue.Master(), parts: map[string]presage.Part{},
		shelves: map[[2]string]presage.Stock{}, names: map[[2]string]string{}, first: map[[3]string]string{},
		ownKey: keyOr(""), common: -1, draftOf: map[string]int{},
		report: presage.SupplyReport{Source: w.Source, DryRun: w.DryRun, Changes: []presage.SupplyChange{}},
	}
	x.batch = presage.SupplyBatch{
		Source: w.Source, By: w.By, Now: b.moment(), DryRun: w.DryRun, PartsSeen: x.master.Version,
	}
	var errs [4]error
	x.depots, errs[0] = b.Depots(ctx)
	x.parameters, errs[1] = b.Store.PlanningParameters(ctx, 0)
	x.parameters.Suppliers, x.parameters.Sources = slices.Clone(x.parameters.Suppliers), slices.Clone(x.parameters.Sources)
	stocks, err := b.Stock(ctx, presage.StockFilter{})
	errs[2] = err
	for _, s := range stocks {
		x.shelves[[2]string{s.DepotID, s.Part}] = s
	}
	if w.Source != "" {
		var known []presage.External
		known, errs[3] = b.Store.Externals(ctx, w.Source, presage.KindDepot, presage.KindPart, presage.KindSupplier)
		for _, e := range known {
			x.names[[2]string{e.Kind, e.ExternalID}] = e.ID
		}
	}
	return x, errors.Join(errs[:]...)
}

// row takes one in.
func (x *taking) row(ctx context.Context, f *records.Fields) error {
	switch f.Kind {
	case listDepots:
		x.depot(f)
	case listSuppliers:
		x.supplier(f)
	case listParts:
		x.part(f)
	case listPrices:
		x.price(f)
	case listOrders:
		return x.order(ctx, f)
	case listReceipts:
		x.receipt(f)
	case listStock, listCounts, listMoves:
		x.move(f)
	}
	return nil
}

// finish puts what the rows say together.
func (x *taking) finish() {
	x.finishParts()
	x.finishOrders()
	for i := range x.batch.Moves {
		x.batch.Moves[i].Mark = markOf(x.batch.Moves[i].StockAct)
	}
}

// finishParts hands the parts over that changed, where no two of them replace the same.
func (x *taking) finishParts() {
	supersedes := map[string][]string{}
	for _, p := range presage.NewPartsMaster(0, x.master.All(), values(x.parts)).All() {
		if len(p.Supersedes) > 0 {
			supersedes[p.Number] = p.Supersedes
		}
	}
	if x.replaced != nil {
		if _, err := stock.NewChains(supersedes); err != nil {
			x.replaced.Bad("supersedes", "%v", err)
		}
	}
	x.batch.Parts = values(x.parts)
}

// values are the parts by number.
func values(parts map[string]presage.Part) []presage.Part {
	return slices.SortedFunc(maps.Values(parts), func(a, b presage.Part) int { return cmp.Compare(a.Number, b.Number) })
}

// once tells whether a row is the first of its list about something, and names the first where it is not.
func (x *taking) once(f *records.Fields, field string, about ...string) {
	key := [3]string{f.Kind}
	copy(key[1:], about)
	if at, twice := x.first[key]; twice {
		f.Bad(field, "the same as at %s", at)
		return
	}
	x.first[key] = f.Place
}

// ours is our ID of what a field names by it or by the system's own; "" where the row says nothing.
func (x *taking) ours(f *records.Fields, field, kind string) string {
	id := f.ID(field)
	if own, ok := x.names[[2]string{kind, id}]; ok {
		return own
	}
	return id
}

// called is our ID of what a row is about, which may be named by the system's own alone.
func (x *taking) called(f *records.Fields, field, kind string) string {
	id, external := f.ID(field), f.ID("external_id")
	if external != "" && x.wish.Source == "" {
		f.Bad("external_id", "want the source, too: the name of the system whose ID it is")
	}
	known := x.names[[2]string{kind, external}]
	switch {
	case id == "" && known == "":
		f.Bad(field, "it is missing: want our number, or an external_id that is known")
	case id == "":
		return known
	case known != "" && known != id:
		f.Bad("external_id", "%q is that of %s", external, known)
	case external != "" && known == "":
		x.names[[2]string{kind, external}] = id
		x.batch.External = append(x.batch.External, presage.External{
			Source: x.wish.Source, Kind: kind, ExternalID: external, ID: id,
		})
	}
	return id
}

// tellRow reports what a row changes: cells before and after, by the names of the columns.
func (x *taking) tellRow(f *records.Fields, id string, was, is []cell) {
	c := presage.SupplyChange{List: f.Kind, Place: f.Place, ID: id, Done: "updated", Fields: []presage.FieldChange{}}
	if was == nil {
		c.Done = "created"
		was = make([]cell, len(is))
	}
	for i, now := range is {
		if now.text != was[i].text {
			c.Fields = append(c.Fields, presage.FieldChange{Name: now.name, Was: was[i].text, Is: now.text})
		}
	}
	if n := len(x.batch.External); n > 0 && f.Says("external_id") {
		if e := x.batch.External[n-1]; e.ExternalID == f.Text["external_id"] && e.ID == id {
			c.Fields = append(c.Fields, presage.FieldChange{Name: "external_id", Is: e.ExternalID})
		}
	}
	x.report.Add(c)
}

// cell is a field as a file has it.
type cell struct{ name, text string }
