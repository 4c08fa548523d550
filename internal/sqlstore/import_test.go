//nolint:thelper // scenarios are tests, not helpers
package sqlstore_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"presage"
	"presage/internal/sqlstore"
)

// stoppedByPerson: imports of any date change what the person did not stop, and
// nothing that they did.
func stoppedByPerson(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	imported := func(at time.Time, push, sms, call bool) {
		must(t, s.PutCustomers(ctx, []presage.Customer{{
			ID: "c1", Consent: presage.Consent{Push: push, SMS: sms, Call: call, ChangedAt: at, Source: "contract"},
		}}))
	}
	want := func(what string, c presage.Consent) {
		t.Helper()
		got, err := s.Customer(ctx, "c1")
		must(t, err)
		same(t, what, got.Consent, c)
	}
	imported(noon(), false, true, true)
	stop := presage.Consent{
		Call: true, ChangedAt: noon().Add(time.Hour), Source: "link STOP",
		Stopped: presage.Channels{Push: true, SMS: true},
	}
	must(t, s.SetConsent(ctx, "c1", stop))
	imported(noon(), true, true, true)
	want("after an import that is older than the STOP", stop)
	imported(noon().AddDate(900, 0, 0), true, true, false)
	stop.Call = false
	want("after an import that is newer", stop)

	start := presage.Consent{
		SMS: true, ChangedAt: noon().Add(2 * time.Hour), Source: "sms START", Stopped: presage.Channels{Push: true},
	}
	must(t, s.SetConsent(ctx, "c1", start))
	imported(noon().Add(3*time.Hour), true, true, true)
	start.Call = true
	want("push is stopped still", start)
	imported(noon().Add(4*time.Hour), true, false, true)
	start.SMS = false
	want("an import may take away", start)
}

// resumed: START gives back what STOP took, no more, with what it asks for itself.
func resumed(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	const phone presage.Phone = "+8613800000001"
	customer := func(id string) presage.Consent {
		t.Helper()
		c, err := s.Customer(ctx, id)
		must(t, err)
		return c.Consent
	}
	given := presage.Consent{Push: true, Call: true, ChangedAt: noon(), Source: "contract"}
	must(t, s.PutCustomers(ctx, []presage.Customer{{ID: "c1", Phone: phone, Consent: given}, {ID: "c2"}}))
	stop := given
	stop.Push, stop.Stopped, stop.ChangedAt = false, presage.Channels{Push: true, SMS: true}, noon().Add(time.Hour)
	must(t, s.SetConsent(ctx, "c1", stop))
	same(t, "stopped", customer("c1"), stop)

	at := noon().Add(2 * time.Hour)
	must(t, s.Resume(ctx, "c1", presage.Consent{SMS: true, ChangedAt: at, Source: "sms START"}))
	same(t, "resumed", customer("c1"), presage.Consent{Push: true, SMS: true, Call: true, ChangedAt: at, Source: "sms START"})
	left, err := s.Suppressed(ctx, phone)
	must(t, err)
	same(t, "of the number", len(left), 0)

	must(t, s.Resume(ctx, "c2", presage.Consent{ChangedAt: at, Source: "link START"}))
	same(t, "who had agreed to nothing", customer("c2"), presage.Consent{ChangedAt: at, Source: "link START"})
	wantKind(t, s.Resume(ctx, "c9", presage.Consent{}), presage.ErrNotFound)
}

// lastReply is the last of a customer, whoever wrote after.
func lastReply(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	for _, r := range []presage.Reply{
		{At: noon(), CustomerID: "c1", Text: "1"}, {At: noon(), CustomerID: "c1", Text: "2"}, {At: noon(), CustomerID: "c2", Text: "3"},
	} {
		must(t, s.PutReply(ctx, r))
	}
	got, err := s.LastReply(ctx, "c1")
	must(t, err)
	same(t, "last", got.Text, "2")
	_, err = s.LastReply(ctx, "c3")
	wantKind(t, err, presage.ErrNotFound)
}

func wholeFleet(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	f := presage.Fleet{
		Depots:    []presage.Depot{{ID: "d1", Region: "north"}},
		Workshops: []presage.Workshop{{ID: "w1", DepotID: "d1"}},
		Customers: []presage.Customer{{ID: "c1", Name: "Wang Fang"}},
		Vehicles:  []presage.Vehicle{{VIN: vin(2), CustomerID: "c1"}, {VIN: vin(1), WorkshopID: "w1"}},
		Stock:     []presage.Stock{{DepotID: "d1", Part: "PAD", OnHand: -1}}, // the last row is wrong
	}
	wantKind(t, s.PutFleet(ctx, f), presage.ErrInvalid)
	depots, err := s.Depots(ctx)
	must(t, err)
	known, err := s.CustomersKnown(ctx, []string{"c1", "c\x00", "c2"})
	must(t, err)
	if len(depots) != 0 || len(known) != 0 {
		t.Fatalf("a fleet with a fault left %v and %v behind", depots, known)
	}
	f.Stock[0].OnHand = 3
	must(t, s.PutFleet(ctx, f))
	must(t, s.PutFleet(ctx, f))
	stock, err := s.Stock(ctx, presage.StockFilter{})
	must(t, err)
	same(t, "stock", stock, f.Stock)
	known, err = s.CustomersKnown(ctx, []string{"c1", "c2"})
	must(t, err)
	same(t, "known customers", known, map[string]bool{"c1": true})
	vs, err := s.Vehicles(ctx, presage.VehicleFilter{})
	must(t, err)
	same(t, "vehicles", vs, []presage.Vehicle{f.Vehicles[1], f.Vehicles[0]})
}

func webhooksOnce(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	begin := func(id string, at time.Time) bool {
		t.Helper()
		fresh, err := s.BeginWebhook(ctx, id, at)
		must(t, err)
		return fresh
	}
	if !begin("SM1", noon()) {
		t.Fatal("a new message counts as known")
	}
	_, err := s.BeginWebhook(ctx, "SM1", noon().Add(time.Second))
	wantKind(t, err, presage.ErrUnavailable) // somebody is at it
	if !begin("SM1", noon().Add(2*time.Minute)) {
		t.Error("what a crash left behind is never done")
	}
	must(t, s.EndWebhook(ctx, "SM1", true))
	if begin("SM1", noon().Add(time.Hour)) || begin("SM1", noon().AddDate(1, 0, 0)) {
		t.Error("it was done already")
	}
	if !begin("SM2", noon()) {
		t.Fatal("a new message counts as known")
	}
	must(t, s.EndWebhook(ctx, "SM2", false))
	if !begin("SM2", noon()) {
		t.Error("what failed cannot come again")
	}
	if !begin("SM3", noon().AddDate(1, 2, 0)) || !begin("SM1", noon().AddDate(1, 2, 0)) {
		t.Error("the table keeps more than 400 days")
	}

	var once atomic.Int64
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			fresh, err := s.BeginWebhook(ctx, "race", noon())
			if fresh {
				once.Add(1)
			} else if err == nil {
				t.Error("done, though nobody has ended it")
			}
		})
	}
	wait.Wait()
	same(t, "how many of 8 began the same message", once.Load(), int64(1))
}

func repliesForEver(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	for _, r := range []presage.Reply{
		{At: noon(), CustomerID: "c1", Text: "START", ProviderID: "SM1"},
		{At: noon(), CustomerID: "c2", Text: "START", ProviderID: "SM1"}, // they share a number
		{At: noon(), CustomerID: "c1", Text: "START", ProviderID: "SM1"},
		{At: noon(), CustomerID: "c1", Text: "by another way"},
		{At: noon(), CustomerID: "c1", Text: "by another way"},
	} {
		must(t, s.PutReply(ctx, r))
	}
	rs, err := s.Replies(ctx, 0)
	must(t, err)
	same(t, "replies", len(rs), 4)
	fresh, err := s.BeginWebhook(ctx, "SM1", noon().AddDate(5, 0, 0))
	must(t, err)
	if fresh {
		t.Error("what a person wrote five years ago acts again")
	}
}
