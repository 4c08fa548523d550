package orders

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"presage"
)

// Export is a list as Import takes it: imported again it changes nothing. With a source its own
// IDs stand in external_id. Orders that are only proposed are left out. ErrInvalid for a list that
// is not exported, and for a source that is no name.
func (b *Book) Export(ctx context.Context, list, source string) (presage.SupplyTable, error) {
	var f faults
	f.source(source)
	if err := errors.Join(f...); err != nil {
		return presage.SupplyTable{}, err
	}
	rows, err := b.rowsOf(ctx, list)
	if err != nil {
		return presage.SupplyTable{}, err
	}
	kinds := map[string]string{
		listDepots: presage.KindDepot, listParts: presage.KindPart, listSuppliers: presage.KindSupplier,
	}
	if kind, ok := kinds[list]; ok {
		if err := b.addExternal(ctx, rows, source, kind); err != nil {
			return presage.SupplyTable{}, err
		}
	}
	return tableOf(list, rows), nil
}

// rowsOf are the records of a list.
func (b *Book) rowsOf(ctx context.Context, list string) (rows [][]cell, err error) {
	switch list {
	case listDepots:
		return b.exportDepots(ctx)
	case listParts:
		for _, p := range b.Catalogue.Master().All() {
			rows = append(rows, partCells(p))
		}
		return rows, nil
	case listSuppliers:
		return b.exportSuppliers(ctx)
	case listPrices:
		return b.exportPrices(ctx)
	case listStock:
		return b.exportStock(ctx)
	case listOrders:
		return b.exportOrders(ctx)
	}
	return nil, fmt.Errorf("list: %w: %.40q: want depots, parts, suppliers, prices, stock or orders",
		presage.ErrInvalid, list)
}

// addExternal puts behind each row what a system calls it.
func (b *Book) addExternal(ctx context.Context, rows [][]cell, source, kind string) error {
	known := map[string]string{}
	if source != "" {
		es, err := b.Store.Externals(ctx, source, kind)
		if err != nil {
			return err
		}
		for _, e := range slices.Backward(es) { // the first of several
			known[e.ID] = e.ExternalID
		}
	}
	for i, r := range rows {
		rows[i] = append(r, cell{"external_id", known[r[0].text]})
	}
	return nil
}

// tableOf is a list with the names of its columns, also of one without rows.
func tableOf(list string, rows [][]cell) presage.SupplyTable {
	empty := map[string][]cell{
		listDepots:    append(depotCells(presage.Depot{}), cell{"external_id", ""}),
		listParts:     append(partCells(presage.Part{}), cell{"external_id", ""}),
		listSuppliers: append(supplierCells(presage.Supplier{}), cell{"external_id", ""}),
		listPrices:    priceCells(presage.Part{}),
		listStock:     stockCells(presage.Stock{}),
		listOrders:    orderCells(presage.Order{}, presage.OrderLine{}),
	}[list]
	var t presage.SupplyTable
	for _, c := range empty {
		t.Names = append(t.Names, c.name)
	}
	for _, r := range rows {
		line := make([]string, len(r))
		for i, c := range r {
			line[i] = c.text
		}
		t.Rows = append(t.Rows, line)
	}
	return t
}

func (b *Book) exportDepots(ctx context.Context) (rows [][]cell, err error) {
	depots, err := b.Depots(ctx)
	for _, d := range depots {
		rows = append(rows, depotCells(d))
	}
	return rows, err
}

func (b *Book) exportSuppliers(ctx context.Context) (rows [][]cell, err error) {
	p, err := b.Store.PlanningParameters(ctx, 0)
	for _, s := range p.Suppliers {
		rows = append(rows, supplierCells(s))
	}
	return rows, err
}

// exportPrices are those of the catalogue, then those of suppliers.
func (b *Book) exportPrices(ctx context.Context) (rows [][]cell, err error) {
	p, err := b.Store.PlanningParameters(ctx, 0)
	for _, part := range b.Catalogue.Master().All() {
		rows = append(rows, priceCells(part))
	}
	for _, s := range p.Sources {
		rows = append(rows, sourceCells(s))
	}
	return rows, err
}

func (b *Book) exportStock(ctx context.Context) (rows [][]cell, err error) {
	stocks, err := b.Stock(ctx, presage.StockFilter{})
	for _, s := range stocks {
		if _, err := b.Catalogue.Part(s.Part); err == nil { // what left the catalogue is not counted any more
			rows = append(rows, stockCells(s))
		}
	}
	return rows, err
}

func stockCells(s presage.Stock) []cell {
	return []cell{{"depot", s.DepotID}, {"part", s.Part}, {"on_hand", strconv.Itoa(s.OnHand)}, {"bin", s.Bin}}
}

func (b *Book) exportOrders(ctx context.Context) (rows [][]cell, err error) {
	os, err := b.Orders(ctx, presage.OrderFilter{})
	for _, o := range slices.Backward(os) { // the oldest first
		if o.State == presage.OrderProposed {
			continue
		}
		for _, l := range o.Lines {
			rows = append(rows, orderCells(o, l))
		}
	}
	return rows, err
}

func orderCells(o presage.Order, l presage.OrderLine) []cell {
	day := ""
	if !l.PromisedAt.IsZero() {
		day = l.PromisedAt.UTC().Format(time.RFC3339Nano)
	}
	return []cell{
		{"external_id", cmp.Or(o.ExternalID, o.ID)},
		{"depot", o.DepotID},
		{"supplier", o.Supplier},
		{"part", l.Part},
		{"pieces", strconv.Itoa(l.Quantity)},
		{"expected_at", day},
		{"note", strings.Join(strings.Fields(o.Note), " ")},
	}
}
