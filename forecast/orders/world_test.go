package orders_test

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"presage"
	"presage/api/table"
	"presage/forecast/orders"
	"presage/internal/sqlstore"
	"presage/internal/sqlstore/sqltest"
)

// scenario is one promise of the book; all of them hold on both databases.
type scenario struct {
	name string
	run  func(t *testing.T, w *world)
}

func scenarios() []scenario {
	return []scenario{
		{"parts, prices, suppliers and depots come by their own IDs", masterRecords},
		{"all faults are told at once, and nothing is half-imported", faultsAtOnce},
		{"movements that another system knows move once", movementsOnce},
		{"a file twice, or what was exported, changes nothing", filesTwice},
	}
}

func TestSQLite(t *testing.T) {
	t.Parallel()
	for _, sc := range scenarios() {
		t.Run(sc.name, func(t *testing.T) {
			t.Parallel()
			sc.run(t, newWorld(t, sqltest.Open(t)))
		})
	}
}

// world is a book over a real store: two depots, and two parts that cost 10 EUR each.
type world struct {
	*orders.Book
	store     *sqlstore.Store
	catalogue *presage.Catalogue
}

func now() time.Time { return time.Date(2026, 11, 30, 9, 0, 0, 0, time.UTC) }

func newWorld(t *testing.T, store *sqlstore.Store) *world {
	t.Helper()
	cat := &presage.Catalogue{}
	for _, number := range []string{"PAD", "OIL"} {
		cat.Parts = append(cat.Parts, presage.Part{
			Number: number, Name: presage.Text{ZH: "件", EN: number}, Cost: presage.Money{Minor: 1000, Currency: "EUR"}, PackSize: 1, LeadTimeDays: 5,
		})
	}
	must(t, store.PutDepots(t.Context(), []presage.Depot{
		{ID: "d1", Name: presage.Text{ZH: "东", EN: "East"}}, {ID: "d2", Name: presage.Text{ZH: "南", EN: "South"}},
	}))
	book := orders.NewPartBook(store, cat.Parts, now)
	cat.PartBook = book.Master
	return &world{orders.New(orders.Deps{
		Store: store, Catalogue: cat, Now: now, Replan: func() {}, Fresh: book.Forget,
	}), store, cat}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// take imports a list that has to be accepted.
func (w *world) take(t *testing.T, list, text string) presage.SupplyReport {
	t.Helper()
	r, err := w.Import(t.Context(), presage.SupplyWish{Source: "erp-1", By: "ERP"}, list, []byte(text))
	must(t, err)
	return r
}

// counts checks how many rows a report created, updated and left unchanged.
func counts(t *testing.T, what string, r presage.SupplyReport, want [3]int) {
	t.Helper()
	if [3]int{r.Created, r.Updated, r.Unchanged} != want {
		t.Errorf("%s: %d created, %d updated, %d unchanged; want %v: %+v", what, r.Created, r.Updated, r.Unchanged,
			want, r.Changes)
	}
}

// state is all that an import could change.
func (w *world) state(ctx context.Context) string {
	stock, err := w.Stock(ctx, presage.StockFilter{})
	moves, err2 := w.StockMovements(ctx, presage.MovementFilter{})
	os, err3 := w.Orders(ctx, presage.OrderFilter{})
	depots, err4 := w.Depots(ctx)
	parameters, err5 := w.store.PlanningParameters(ctx, 0)
	external, err6 := w.store.Externals(ctx, "erp-1", presage.KindDepot, presage.KindPart, presage.KindSupplier)
	text, err7 := json.Marshal([]any{stock, moves, os, depots, parameters, external, w.catalogue.Master().All()})
	for _, err := range []error{err, err2, err3, err4, err5, err6, err7} {
		if err != nil {
			return err.Error()
		}
	}
	return string(text)
}

// file is an export as CSV.
func (w *world) file(ctx context.Context, list string) (string, error) {
	t, err := w.Export(ctx, list, "erp-1")
	if err != nil {
		return "", err
	}
	var out strings.Builder
	err = table.WriteSupply(&out, t)
	return out.String(), err
}

// balanced tells what is wrong with the ledger: movements of a shelf are numbered without a gap,
// and their sum is what is on hand.
func (w *world) balanced(ctx context.Context) error {
	moves, err := w.StockMovements(ctx, presage.MovementFilter{})
	if err != nil {
		return err
	}
	sum, count := map[[2]string]int{}, map[[2]string]int64{}
	slices.SortFunc(moves, func(a, b presage.StockMovement) int { return cmp.Compare(a.N, b.N) })
	for _, m := range moves {
		at := [2]string{m.DepotID, m.Part}
		sum[at] += m.Pieces
		count[at]++
		if m.N != count[at] || m.OnHand != sum[at] || m.Pieces == 0 {
			return fmt.Errorf("movement %d of %v: %+v after %d pieces", count[at], at, m, sum[at])
		}
	}
	stock, err := w.Stock(ctx, presage.StockFilter{})
	for _, s := range stock {
		if at := [2]string{s.DepotID, s.Part}; sum[at] != s.OnHand {
			return fmt.Errorf("%v: %d on hand, %d moved", at, s.OnHand, sum[at])
		}
	}
	return err
}
