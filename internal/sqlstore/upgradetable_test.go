package sqlstore_test

import (
	"database/sql"
	"path/filepath"
	"testing"
	"time"

	"github.com/pressly/goose/v3"

	"presage"
	"presage/internal/sqlstore"
	"presage/internal/sqlstore/migrations"
	"presage/internal/sqlstore/sqltest"
)

// upgrade is a database of an earlier release: what it held is read right after it.
type upgrade struct {
	name   string
	from   int64    // the last migration of that release
	before []string // what it held
	check  func(t *testing.T, s *sqlstore.Store)
}

func TestUpgrades(t *testing.T) {
	t.Parallel()
	for _, u := range upgrades() {
		t.Run(u.name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "presage.db")
			db, err := sql.Open("sqlite", path)
			must(t, err)
			u.run(t, db, goose.DialectSQLite3, path)
		})
	}
}

// run needs an empty database, db, that url opens too.
func (u upgrade) run(t *testing.T, db *sql.DB, dialect goose.Dialect, url string) {
	t.Helper()
	before, err := migrations.New(dialect, db)
	must(t, err)
	_, err = before.UpTo(t.Context(), u.from)
	must(t, err)
	for _, stmt := range u.before {
		if _, err := db.ExecContext(t.Context(), stmt); err != nil {
			t.Fatalf("%s: %v", stmt, err)
		}
	}
	must(t, db.Close())
	u.check(t, sqltest.OpenURL(t, url))
}

const (
	oldCase = `INSERT INTO cases (id, vin, customer_id, workshop_id, components, severity, state, route, owner, opened_at,
		updated_at, due_at, visit_by, fail_within, decision)
		VALUES ('c1', 'V1', 'p1', 'w1', '[]', 'safety', 'booked', 'workshop', '', 1000000, 1000000, 0, 0, '{}', '{}')`
	oldBooking = `INSERT INTO bookings (id, case_id, vin, customer_id, workshop_id, depot_id, bay_id, technician_id, start_at,
		end_at, jobs, parts, state, created_at, updated_at, via)
		VALUES ('b1', 'c1', 'V1', 'p1', 'w1', 'd1', 'bay', 'li', 2000000, 3000000, '[]', '[]', 'confirmed', 1000000, 1000000, '')`
	oldMessage = `INSERT INTO messages (id, msg_key, case_id, offer_id, vin, customer_id, kind, channel, lang, title, body, link,
		safety, state, not_before, created_at, updated_at, sent_at, provider_id, attempts, error)
		VALUES ('m1', 'k1', 'c1', '', 'V1', 'p1', 'offer', 'sms', 'zh', '', 'text', '', TRUE, 'sent', 0, 1000000, 1000000,
			2000000, 'SM1', 1, '')`
	oldForecast = `INSERT INTO part_forecasts (part, depot_id, body, level, region, outlook)
		VALUES ('PAD', 'd1', '{"part":"PAD","depot_id":"d1","mean":2.5,"order_now":4}', 'depot', '', '[]')`
	oldOrder = `INSERT INTO orders (id, external_id, act_key, depot_id, supplier, state, author, note, created_at, updated_at)
		VALUES ('o1', '', '', 'd1', '', 'placed', 'li', '', 1000000, 1000000)`
	oldLines = `INSERT INTO purchase_orders (id, depot_id, part, quantity, ordered_at, expected_at, received_at, order_id, line,
		open_pieces) VALUES ('o1', 'd1', 'PAD', 10, 1000000, 9000000, 0, 'o1', 1, 7), ('o1#2', 'd1', 'OIL', 3, 0, 0, 0, 'o1', 2, 0)`
	oldProcess = `INSERT INTO processes (id, place, roles, since, beat, alone)
		VALUES ('x', 'host 7', 'ingest,api', 1000000, 5, FALSE)`
	oldWorkshop = `INSERT INTO workshops (id, depot_id, body) VALUES ('w1', 'd1',
		'{"id":"w1","depot_id":"d1","closures":[{"from":"2026-12-24","by":"Li Na"}]}')`
	oldTransfer = `INSERT INTO shipments (id, from_depot, to_depot, state, author, note, act_key, created_at, updated_at, picked_at,
		expected_at) VALUES ('t1', 'd1', 'd2', 'proposed', 'li', '', '', 1000000, 1000000, 0, 0)`
	oldTransferLine = `INSERT INTO shipment_lines (shipment_id, line, depot_id, part, quantity, picked, received, missing,
		open_pieces) VALUES ('t1', 1, 'd2', 'PAD', 4, 0, 0, 0, 0)`
	oldStock = `INSERT INTO stock (depot_id, part, on_hand, reserved, on_order) VALUES ('d1', 'PAD', 5, 1, 10)`
)

func upgrades() []upgrade {
	return []upgrade{
		{"photos at a visit of before (078)", 77, []string{oldCase, oldBooking}, photosAtAnOldVisit},
		{"messages from before partners got any (079)", 78, []string{oldMessage}, oldMessagesAreCustomers},
		{"plan from before its rows were packed (084)", 83, []string{oldForecast}, oldPlanStays},
		{"decisions about an order of before (088)", 87, []string{oldOrder, oldLines}, oldProposalsAreRead},
		{"orders from before transfers (089)", 88, []string{oldOrder, oldLines, oldStock}, oldOrdersAreComing},
		{"processes from before seats (094)", 93, []string{oldProcess}, oldProcessesHaveNoSeat},
		{"blocks of before that are taken back (097)", 96, []string{oldWorkshop}, oldBlocksAreTakenBack},
		{"stock from before planning parameters (099)", 98, []string{oldStock, oldForecast}, firstParameters},
		{"transfers from before the proposed ones had an index (100)", 99, []string{oldTransfer, oldTransferLine}, oldTransfersAreProposed},
		{"parts from before they were imported (103)", 102, []string{oldPart}, oldPartsAreTheCatalogues},
		{"transfers from before who sends them off was kept (110)", 100, []string{oldTransfer, oldTransferLine}, oldTransfersAreSentOff},
	}
}

func photosAtAnOldVisit(t *testing.T, s *sqlstore.Store) {
	t.Helper()
	b, err := s.Booking(t.Context(), "b1")
	must(t, err)
	same(t, "visit", []any{b.CaseID, b.State, b.Start.Unix()}, []any{"c1", presage.BookingConfirmed, int64(2)})
	none, err := s.JobPhotos(t.Context(), "b1")
	must(t, err)
	same(t, "photos of before", len(none), 0)
	photo := photoOf(b, "p1")
	must(t, s.PutPhoto(t.Context(), photo))
	got, err := s.PhotoFile(t.Context(), "b1", "p1")
	must(t, err)
	same(t, "photo", got, photo)
}

func oldMessagesAreCustomers(t *testing.T, s *sqlstore.Store) {
	t.Helper()
	m, err := s.Message(t.Context(), "m1")
	must(t, err)
	same(t, "message", []any{m.WorkshopID, m.CustomerID, m.Body, m.SentAt.Unix()}, []any{"", "p1", "text", int64(2)})
	m.ID, m.Key, m.CustomerID, m.WorkshopID = "m2", "k2", "", "w1"
	must(t, s.PutMessages(t.Context(), []presage.Message{m}))
	got, err := s.Message(t.Context(), "m2")
	must(t, err)
	same(t, "to a partner", got, m)
}

func oldPlanStays(t *testing.T, s *sqlstore.Store) {
	t.Helper()
	got, err := s.PlannedPart(t.Context(), "PAD", "d1", "")
	must(t, err)
	same(t, "planned", got, presage.PlannedPart{
		Forecast: presage.PartForecast{Part: "PAD", DepotID: "d1", Mean: 2.5, OrderNow: 4}, Weeks: []presage.DemandStep{},
	})
}

func oldProposalsAreRead(t *testing.T, s *sqlstore.Store) {
	t.Helper()
	ps, err := s.ProposedPieces(t.Context(), presage.StockFilter{})
	must(t, err)
	same(t, "proposed", ps, []presage.PartQuantityAt{{DepotID: "d1", Part: "OIL", Quantity: 3}})
	d := presage.AdviceDecision{
		Part: "OIL", DepotID: "d1", Verdict: presage.VerdictAccept, Advised: 3, Chosen: 3, SpanDays: 8, By: "li", At: noon(),
	}
	_, err = s.PutOrders(t.Context(), presage.OrderAct{Key: "k", Kind: "advice", By: "li", At: noon()}, "d",
		presage.OrderWish{Decisions: []presage.AdviceDecision{d}})
	must(t, err)
	ds, err := s.AdviceDecisions(t.Context(), presage.AdviceFilter{})
	must(t, err)
	d.ID = 1
	same(t, "decided", ds, []presage.AdviceDecision{d})
}

func oldOrdersAreComing(t *testing.T, s *sqlstore.Store) {
	t.Helper()
	open, err := s.OpenOrders(t.Context(), "d1", "")
	must(t, err)
	second := func(n int64) time.Time { return time.Unix(n, 0).UTC() }
	same(t, "coming", open, []presage.PurchaseOrder{{
		ID: "o1", DepotID: "d1", Part: "PAD", Quantity: 7, OrderedAt: second(1), ExpectedAt: second(9),
	}})
	putShipment(t, s, presage.Shipment{
		ID: "t1", From: "d1", To: "d2", State: presage.ShipmentProposed, CreatedAt: noon(), UpdatedAt: noon(),
		Lines: []presage.ShipmentLine{{Line: 1, Part: "PAD", Quantity: 2}},
	})
	_, err = ship(t, s, "t1", presage.ShipPick)
	must(t, err)
	same(t, "left", at(t, s, "d1", "PAD"), presage.Stock{DepotID: "d1", Part: "PAD", OnHand: 3, Reserved: 1, OnOrder: 10})
}

func oldProcessesHaveNoSeat(t *testing.T, s *sqlstore.Store) {
	t.Helper()
	ps, err := s.Processes(t.Context())
	must(t, err)
	same(t, "processes", ps, []presage.Process{{
		ID: "x", Place: "host 7", Roles: []string{"ingest", "api"}, Since: time.Unix(1, 0).UTC(), Beat: 5,
	}})
}

func oldBlocksAreTakenBack(t *testing.T, s *sqlstore.Store) {
	t.Helper()
	ctx, from := t.Context(), time.Date(2026, 12, 24, 0, 0, 0, 0, time.UTC)
	w, err := s.Workshop(ctx, "w1")
	must(t, err)
	same(t, "closed", w.Closures, []presage.Closure{{From: "2026-12-24", By: "Li Na"}})
	back := presage.TakenBack{Stretch: presage.Stretch{ID: "x", From: from, To: from.Add(day), By: "Li Na"}, Who: "Zhao Min", At: noon()}
	must(t, s.ChangeWorkshop(ctx, "w1", func(w *presage.Workshop) error { w.Closures = nil; return nil },
		presage.WorkshopNotes{TakenBack: &back}))
	got, err := s.TakenBack(ctx, "w1", from, from.Add(day))
	must(t, err)
	same(t, "taken back", got, []presage.TakenBack{back})
}

func firstParameters(t *testing.T, s *sqlstore.Store) {
	t.Helper()
	same(t, "stock", at(t, s, "d1", "PAD"), presage.Stock{DepotID: "d1", Part: "PAD", OnHand: 5, Reserved: 1, OnOrder: 10})
	planningParameters(t, s) // version 0 is in force until the first
}

func oldTransfersAreProposed(t *testing.T, s *sqlstore.Store) {
	t.Helper()
	got, err := s.ProposedTransfers(t.Context())
	must(t, err)
	same(t, "proposed", got, []presage.PartTransfer{{Part: "PAD", Transfer: presage.Transfer{From: "d1", To: "d2", Pieces: 4}}})
}

func oldTransfersAreSentOff(t *testing.T, s *sqlstore.Store) {
	t.Helper()
	xs, err := s.Shipments(t.Context(), presage.ShipmentFilter{})
	must(t, err)
	same(t, "nobody is known", []any{len(xs), xs[0].ShippedBy, xs[0].ShippedAt.IsZero()}, []any{1, "", true})
}
