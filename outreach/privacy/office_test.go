package privacy_test

import (
	"errors"
	"testing"
	"time"

	"presage"
	"presage/internal/sqlstore/sqltest"
	"presage/outreach/casework"
	"presage/outreach/privacy"
)

// What waits for the customer or for a call ends; a booked visit has to be
// cancelled first, and nothing has happened until then.
func TestEraseCustomer(t *testing.T) {
	t.Parallel()
	now := func() time.Time { return time.Date(2026, 11, 29, 8, 0, 0, 0, time.UTC) }
	for state, ended := range map[presage.CaseState]presage.CaseState{
		presage.CaseOpen: presage.CaseSuppressed, presage.CaseEscalated: presage.CaseDeclined,
		presage.CaseDone: presage.CaseDone, presage.CaseBooked: "",
	} {
		t.Run(string(state), func(t *testing.T) {
			t.Parallel()
			s, ctx := sqltest.Open(t), t.Context()
			office := privacy.Office{Store: s, Ledger: &casework.Ledger{Store: s, Now: now}, Now: now}
			err := errors.Join(s.PutCustomers(ctx, []presage.Customer{{ID: "c1"}}),
				s.CreateCase(ctx, presage.Case{ID: "k", VIN: "V", CustomerID: "c1", State: state}, presage.CaseEvent{At: now()}))
			if err != nil {
				t.Fatal(err)
			}
			done, err := office.EraseCustomer(ctx, "c1", "letter of 28 November")
			c, errCase := s.Case(ctx, "k")
			if errCase != nil {
				t.Fatal(errCase)
			}
			if ended == "" {
				if !errors.Is(err, presage.ErrConflict) || c.State != state || c.CustomerID != "c1" {
					t.Errorf("%v; case %s of %s, want it refused and unchanged", err, c.State, c.CustomerID)
				}
				return
			}
			if err != nil || c.State != ended || c.CustomerID != done.Alias {
				t.Errorf("%v; case %s of %s, want %s of %s", err, c.State, c.CustomerID, ended, done.Alias)
			}
		})
	}
}
