//nolint:thelper // scenarios are tests, not helpers
package sqlstore_test

import (
	"testing"
	"time"

	"presage"
	"presage/internal/sqlstore"
)

// Two records become one, with what both allow, and two again.
func mergedCustomers(t *testing.T, s *sqlstore.Store) {
	ctx, now := t.Context(), noon()
	yes := presage.Consent{Push: true, SMS: true, Call: true, ChangedAt: now.AddDate(-1, 0, 0), Source: "contract"}
	no := yes
	no.SMS, no.ChangedAt = false, now.AddDate(0, -1, 0)
	must(t, s.PutCustomers(ctx, []presage.Customer{
		{ID: "c1", Name: "Li Wei", Lang: presage.English, Phone: "+8613800000007", Consent: yes},
		{ID: "c2", Name: "LI Wei", Lang: presage.English, Phone: "+8613800000007", Email: "li@example.com", Consent: no},
	}))
	must(t, s.PutVehicles(ctx, []presage.Vehicle{{VIN: vin(1), CustomerID: "c1"}, {VIN: vin(2), CustomerID: "c2"}}))
	c := openCase(2)
	c.CustomerID = "c2"
	must(t, s.CreateCase(ctx, c, presage.CaseEvent{At: now, Who: "policy", Reason: because("due")}))
	before, err := s.Customer(ctx, "c1")
	must(t, err)
	gone, err := s.Customer(ctx, "c2")
	must(t, err)

	_, err = s.MergeCustomers(ctx, presage.MergeWish{Keep: "c1", Gone: "c1", Who: "Anna", At: now})
	wantKind(t, err, presage.ErrInvalid)
	_, err = s.MergeCustomers(ctx, presage.MergeWish{Keep: "c1", Gone: "c9", Who: "Anna", At: now})
	wantKind(t, err, presage.ErrNotFound)
	m, err := s.MergeCustomers(ctx, presage.MergeWish{Keep: "c1", Gone: "c2", Who: "Anna", At: now})
	must(t, err)
	_, err = s.Customer(ctx, "c2")
	wantKind(t, err, presage.ErrNotFound)
	is, err := s.Customer(ctx, "c1")
	must(t, err)
	same(t, "what both allow", []any{is.Consent.Push, is.Consent.SMS, is.Consent.Call, is.Email},
		[]any{true, false, true, presage.Email("li@example.com")})
	vehicles, err := s.Vehicles(ctx, presage.VehicleFilter{CustomerID: "c1"})
	must(t, err)
	same(t, "vehicles", len(vehicles), 2)
	cases, err := s.CasesOf(ctx, "c1", 0)
	must(t, err)
	same(t, "cases", len(cases), 1)
	history, err := s.ConsentHistory(ctx, "c1")
	must(t, err)
	same(t, "consents of both, the last of which holds", len(history), 2)

	m, err = s.UndoMerge(ctx, m.ID, "Ben", now.Add(time.Hour))
	must(t, err)
	same(t, "noted who", []string{m.Who, m.UndoneBy}, []string{"Anna", "Ben"})
	_, err = s.UndoMerge(ctx, m.ID, "Ben", now.Add(time.Hour))
	wantKind(t, err, presage.ErrConflict)
	for id, want := range map[string]presage.Customer{"c1": before, "c2": gone} {
		got, err := s.Customer(ctx, id)
		must(t, err)
		same(t, "customer "+id, got, want)
		vehicles, err := s.Vehicles(ctx, presage.VehicleFilter{CustomerID: id})
		must(t, err)
		same(t, "vehicles of "+id, len(vehicles), 1)
	}
	cases, err = s.CasesOf(ctx, "c2", 0)
	must(t, err)
	same(t, "cases", len(cases), 1)
	list, err := s.Merges(ctx, "", 10)
	must(t, err)
	same(t, "merges", len(list), 1)
}
