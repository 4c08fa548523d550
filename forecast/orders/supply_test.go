//nolint:thelper // scenarios are tests, not helpers
package orders_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"presage"
)

func masterRecords(t *testing.T, w *world) {
	steps := []struct {
		list, text                  string
		created, updated, unchanged int
	}{
		{"depots", "depot,external_id,name_zh,name_en,region\nd3,WH-3,北,North,north\nd1,WH-1,,,east\n", 1, 1, 0},
		{"suppliers", "supplier,external_id,name,zone,days\nnord,V-77,Nordbrake,Europe/Berlin,1;3;5\n", 1, 0, 0},
		{"parts", "part,external_id,name_zh,name_en,price,lead_time_days,pack_size,supersedes\n" +
			"DISC,100-1,盘,Disc,40.50,9,2,DISC-OLD\nPAD,100-2,,,,,4,\n", 1, 1, 0},
		{"prices", "part,supplier,price,currency,lead_time_days,lot\n100-1,,41,EUR,,\nDISC,V-77,39.9,,3,2\n,nord,,,,\n", 2, 1, 0},
		{"stock", "depot,part,on_hand,bin\nWH-1,100-1,7,A-3\nd3,PAD,0,\n", 0, 1, 1},
	}
	before := w.state(t.Context())
	r, err := w.Import(t.Context(), presage.SupplyWish{Source: "erp-1", By: "ERP", DryRun: true}, steps[2].list, []byte(steps[2].text))
	must(t, err)
	counts(t, "dry run", r, [3]int{1, 1, 0})
	if w.state(t.Context()) != before {
		t.Error("a dry run changed something")
	}
	for _, x := range steps {
		counts(t, x.list, w.take(t, x.list, x.text), [3]int{x.created, x.updated, x.unchanged})
		n := x.created + x.updated + x.unchanged
		counts(t, x.list+" again", w.take(t, x.list, x.text), [3]int{0, 0, n})
	}
	disc, err := w.catalogue.Part("DISC")
	must(t, err)
	pad, err := w.catalogue.Part("PAD")
	must(t, err)
	if disc.Cost != (presage.Money{Minor: 4100, Currency: "EUR"}) || disc.PackSize != 2 || disc.Supersedes[0] != "DISC-OLD" ||
		pad.PackSize != 4 || pad.Name.EN != "PAD" || pad.Cost.Minor != 1000 {
		t.Errorf("%+v, %+v", disc, pad)
	}
	from, err := w.store.Sourcing(t.Context())
	must(t, err)
	if sold := from.From("nord", disc); sold.Cost.Minor != 3990 || sold.LeadTimeDays != 3 || sold.PackSize != 2 {
		t.Errorf("as nord sells it: %+v", sold)
	}
	moves, err := w.StockMovements(t.Context(), presage.MovementFilter{})
	must(t, err)
	if len(moves) != 1 || moves[0].DepotID != "d1" || moves[0].Part != "DISC" || moves[0].Pieces != 7 || moves[0].Kind != presage.MoveCount {
		t.Errorf("%+v", moves)
	}
	// One document of several lists: what is new in it is known to what comes after it.
	r, err = w.Import(t.Context(), presage.SupplyWish{By: "ERP"}, "", []byte(`{"stock": [{"depot": "d4", "part": "HUB", "on_hand": 2}],
		"parts": [{"part": "HUB", "name_zh": "毂", "name_en": "Hub"}], "depots": [{"depot": "d4", "name_zh": "西", "name_en": "West"}],
		"orders": [{"external_id": "PO-1", "depot": "d4", "part": "HUB", "pieces": 10}],
		"receipts": [{"key": "N-1", "order": "PO-1", "part": "HUB", "pieces": 3}]}`))
	must(t, err)
	counts(t, "document", r, [3]int{3, 2, 0})
	o, err := w.Order(t.Context(), "PO-1")
	must(t, err)
	if o.Lines[0].Open != 7 {
		t.Errorf("receiving 3 of 10 leaves %d", o.Lines[0].Open)
	}
	must(t, w.balanced(t.Context()))
}

func faultsAtOnce(t *testing.T, w *world) {
	w.take(t, "orders", "external_id,depot,part,pieces\nPO-1,d1,PAD,10\n")
	w.take(t, "parts", "part,external_id\nPAD,100-2\n")
	w.take(t, "receipts", "key,order,part,pieces\nN-1,PO-1,PAD,1\n")
	before := w.state(t.Context())
	for _, x := range []struct {
		list, text string
		want       []string
	}{
		{"parts", "part,external_id,name_zh,price,pack_size,colour\nOIL,100-2,,1.234,0,red\nNEW,,新,5,,\nOIL,,,,,\n", []string{
			"line 2, column 2 (external_id)", "line 2, column 4 (price)", "line 2, column 5 (pack_size)", "line 2, column 6 (colour)",
			"line 3 (name_en)", "line 4, column 1 (part)",
		}},
		{"parts", "part,name_zh,name_en,supersedes\nA,甲,A,B\nB,乙,B,A\n", []string{"line 3, column 4 (supersedes)", "is replaced by"}},
		{"suppliers", "supplier,zone,days\nx,Mars/Base,8\n", []string{"line 2, column 2 (zone)", "line 2, column 3 (days)"}},
		{"prices", "part,supplier,price,currency\nPAD,none,5,EUR\nPAD,,5,USD\n,,5,\n", []string{
			"line 2, column 2 (supplier)", "line 3, column 4 (currency)", "line 4, column 1 (part)",
		}},
		{"stock", "depot,part,on_hand\nd9,PAD,1\nd1,none,1\nd1,OIL,-1\nd1,OIL,1\n", []string{
			"line 2, column 1 (depot)", "line 3, column 2 (part)", "line 4, column 3 (on_hand)", "line 5, column 2 (part)",
		}},
		{"movements", "external_id,depot,part,kind,pieces\nM-1,d1,PAD,return,5\nM-2,d1,PAD,scrap,99\nM-3,d1,OIL,scrap,1\n", []string{
			"line 3, column 5 (pieces)", "line 4, column 5 (pieces)",
		}},
		{"movements", "depot,part,kind,pieces\nd1,PAD,return,5\n", []string{"line 2 (external_id)", "would move twice"}},
		{"receipts", "key,order,part,pieces\nN-1,PO-1,PAD,2\nN-2,PO-1,PAD,99\nN-3,none,PAD,1\nN-4,PO-1,PAD,1\n", []string{
			"line 2: ", "used for something else", "line 3: ", "only 9 are left", "line 4: ", `"none" is not known`,
		}},
		{"orders", "external_id,depot,part,pieces\nPO-2,d1,PAD,1\nPO-1,d1,PAD,11\nPO-3,d1,none,1\n", []string{
			"line 3, column 1 (external_id)", "line 4, column 3 (part)",
		}},
		{"counts", "depot,part,pieces\n", []string{"rows: "}},
	} {
		_, err := w.Import(t.Context(), presage.SupplyWish{Source: "erp-1", By: "ERP"}, x.list, []byte(x.text))
		if !errors.Is(err, presage.ErrInvalid) {
			t.Errorf("%s: %v", x.list, err)
			continue
		}
		for _, want := range x.want {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v\nlacks %q", x.list, err, want)
			}
		}
	}
	if w.state(t.Context()) != before {
		t.Error("a refused file changed something")
	}
	_, err := w.Import(t.Context(), presage.SupplyWish{}, "parts", []byte("part,external_id\nPAD,7\n"))
	for _, want := range []string{"by: ", "want the source"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v lacks %q", err, want)
		}
	}
}

func movementsOnce(t *testing.T, w *world) {
	const file = "external_id,depot,part,kind,pieces,note,at\nM-1,d1,PAD,return,5,,2026-11-28\nM-2,d1,PAD,scrap,2,=broken,\n"
	counts(t, "first", w.take(t, "movements", file), [3]int{0, 2, 0})
	counts(t, "again", w.take(t, "movements", file), [3]int{0, 0, 2})
	counts(t, "one more", w.take(t, "movements", file+"M-3,d1,PAD,correction,-1,miscounted,\n"), [3]int{0, 1, 2})
	_, err := w.Import(t.Context(), presage.SupplyWish{Source: "erp-1", By: "ERP"}, "movements",
		[]byte("external_id,depot,part,kind,pieces\nM-1,d1,PAD,return,6\n"))
	if !errors.Is(err, presage.ErrInvalid) || !strings.Contains(err.Error(), "line 2, column 1 (external_id)") {
		t.Errorf("another movement of the same ID: %v", err)
	}
	moves, err := w.StockMovements(t.Context(), presage.MovementFilter{})
	must(t, err)
	if len(moves) != 3 || moves[0].OnHand != 2 || moves[1].Why != "=broken" || moves[2].At.Day() != 28 {
		t.Errorf("%+v", moves)
	}
	must(t, w.balanced(t.Context()))
}

// filesTwice imports files at random. One that is refused changes nothing; one that is taken
// changes nothing the second time; and what is exported comes back unchanged.
func filesTwice(t *testing.T, w *world) {
	ctx, r := t.Context(), rand.New(rand.NewPCG(13, 103))
	taken := 0
	for i := range 150 {
		list := []string{"depots", "suppliers", "parts", "prices", "orders", "receipts", "stock", "counts", "movements"}[r.IntN(9)]
		text := randomFile(r, list)
		wish := presage.SupplyWish{Source: "erp-1", By: fmt.Sprint("clerk ", i), Key: fmt.Sprint("k", i)}
		before := w.state(ctx)
		first, err := w.Import(ctx, wish, list, []byte(text))
		if err != nil {
			if !errors.Is(err, presage.ErrInvalid) || w.state(ctx) != before {
				t.Fatalf("%s\n%s: %v", list, text, err)
			}
			continue
		}
		taken++
		after := w.state(ctx)
		wish.By = "another"
		again, err := w.Import(ctx, wish, list, []byte(text))
		must(t, err)
		if again.Created+again.Updated != 0 || again.Unchanged != first.Rows || w.state(ctx) != after {
			t.Fatalf("%s\n%s: a second time %+v", list, text, again)
		}
		must(t, w.balanced(ctx))
	}
	if taken < 40 {
		t.Errorf("only %d files were taken", taken)
	}
	before := w.state(ctx)
	for _, list := range []string{"depots", "suppliers", "parts", "prices", "stock", "orders"} {
		text, err := w.file(ctx, list)
		must(t, err)
		for line := range strings.Lines(text) {
			if strings.ContainsAny(line[:1], "=+-@\t") {
				t.Errorf("%s: %q would run as a formula", list, line)
			}
		}
		back := w.take(t, list, text)
		if back.Created+back.Updated != 0 || back.Rows < 2 || w.state(ctx) != before {
			t.Errorf("%s does not come back as it was: %+v\n%s", list, back, text)
		}
	}
}

// randomFile is a table of a list, some of whose cells may be wrong.
func randomFile(r *rand.Rand, list string) string {
	one := func(of ...string) string { return of[r.IntN(len(of))] }
	number := func(most int) string { return fmt.Sprint(r.IntN(most)) }
	name := func() string {
		return one("=SUM(A1)", "+1", "-x", "@home", "\"a, \"\"b\"\"\"", "'quoted", "'=x", "plain", "件", "")
	}
	depot := func() string { return one("d1", "d2", "WH-1", "=d3", "d1") }
	part := func() string { return one("PAD", "OIL", "100-1", "=P", "PAD", "OIL") }
	rows := map[string]func() []string{
		"depots": func() []string {
			return []string{one("d1", "d2", "=d3"), one("", "WH-1", "WH-2"), name(), name(), name()}
		},
		"suppliers": func() []string {
			return []string{one("nord", "+s", "east"), one("", "V-1"), name(), one("", "UTC", "Asia/Shanghai"), one("", "1;2", "5")}
		},
		"parts": func() []string {
			return []string{one("PAD", "OIL", "=P"), one("", "100-1"), name(), name(), one("", "12.5", "7", "x"), one("", "3")}
		},
		"prices": func() []string {
			return []string{part(), one("", "nord", "+s"), number(90) + ".5", one("", "4"), one("", "2")}
		},
		"orders": func() []string {
			return []string{one("PO-1", "PO-2", "=PO-3", "PO-4"), "d1", one("", "nord"), part(), number(20), one("", "2026-12-24"), name()}
		},
		"receipts": func() []string {
			return []string{"N-" + number(40), one("PO-1", "PO-2", "=PO-3", "PO-4"), one("", "1"), part(), number(4)}
		},
		"stock":  func() []string { return []string{depot(), part(), number(30), name()} },
		"counts": func() []string { return []string{depot(), part(), number(30)} },
		"movements": func() []string {
			return []string{one("", "M-"+number(50)), depot(), part(), one("scrap", "return", "count", "supplier_return"), number(6)}
		},
	}[list]
	heads := map[string]string{
		"depots": "depot,external_id,name_zh,name_en,region", "suppliers": "supplier,external_id,name,zone,days",
		"parts": "part,external_id,name_zh,name_en,price,lead_time_days", "prices": "part,supplier,price,lead_time_days,lot",
		"orders": "external_id,depot,supplier,part,pieces,expected_at,note", "receipts": "key,order,line,part,pieces",
		"stock": "depot,part,on_hand,bin", "counts": "depot,part,pieces", "movements": "external_id,depot,part,kind,pieces",
	}
	text := heads[list] + "\n"
	for range 1 + r.IntN(3) {
		text += strings.Join(rows(), ",") + "\n"
	}
	return text
}
