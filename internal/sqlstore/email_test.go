package sqlstore_test

import (
	"testing"
	"time"

	"presage"
	"presage/internal/sqlstore"
)

// stopsOfEmail: what the reader of an e-mail ended stays ended for the address,
// whoever has it then, and through a START by text; a STOP by text ends e-mails too.
func stopsOfEmail(t *testing.T, s *sqlstore.Store) {
	t.Helper()
	ctx := t.Context()
	given := presage.Consent{SMS: true, Email: true, ChangedAt: noon(), Source: "contract"}
	must(t, s.PutCustomers(ctx, []presage.Customer{
		{ID: "c1", Phone: "+8613800000001", Email: "Anna@example.com", Consent: given},
		{ID: "c2", Email: "anna@example.com", Consent: given},
		{ID: "c3", Email: "berta@example.com", Consent: given},
	}))
	consent := func(id string) (email, stopped bool) {
		t.Helper()
		c, err := s.Customer(ctx, id)
		must(t, err)
		return c.Consent.Email, c.Consent.Stopped.Email
	}
	ended := func(id string, want bool) {
		t.Helper()
		if email, stopped := consent(id); email == want || stopped != want {
			t.Errorf("customer %s: e-mail agreed %v, stopped %v; want stopped %v", id, email, stopped, want)
		}
	}
	stop := given
	stop.Email, stop.Stopped.Email, stop.ChangedAt, stop.Source = false, true, noon().Add(time.Hour), presage.UnsubscribeSource
	must(t, s.SetConsent(ctx, "c1", stop))
	ended("c1", true)
	ended("c2", true)
	ended("c3", false)
	got, err := s.Suppressed(ctx, "+8613800000001")
	must(t, err)
	if len(got) != 0 {
		t.Errorf("the number has stopped %+v", got)
	}

	newer := given
	newer.ChangedAt = noon().Add(48 * time.Hour)
	must(t, s.PutCustomers(ctx, []presage.Customer{{ID: "c4", Email: "ANNA@example.com", Consent: newer}}))
	ended("c4", true)
	must(t, s.Resume(ctx, "c1", presage.Consent{SMS: true, ChangedAt: noon().Add(2 * time.Hour), Source: "sms START"}))
	ended("c1", true)

	all := given
	all.SMS, all.Email, all.Stopped, all.Source = false, false, presage.Channels{Push: true, SMS: true, Email: true}, "sms STOP"
	must(t, s.SetConsent(ctx, "c3", all))
	ended("c3", true)
	must(t, s.Resume(ctx, "c3", presage.Consent{SMS: true, ChangedAt: noon().Add(2 * time.Hour), Source: "sms START"}))
	ended("c3", false)

	history, err := s.ConsentHistory(ctx, "c1")
	must(t, err)
	if len(history) != 2 || history[0].Email || !history[1].Email || history[0].Source != presage.UnsubscribeSource {
		t.Errorf("history %+v", history)
	}

	must(t, s.SetEmailBad(ctx, "c3", "other@example.com")) // it was changed meanwhile
	if c, _ := s.Customer(ctx, "c3"); c.EmailBad {
		t.Error("an address that nobody mailed counts as bad")
	}
	must(t, s.SetEmailBad(ctx, "c3", "berta@example.com"))
	if c, _ := s.Customer(ctx, "c3"); !c.EmailBad {
		t.Error("the address does not count as bad")
	}
	must(t, s.PutCustomers(ctx, []presage.Customer{{ID: "c3", Email: "berta@example.org", Consent: given}}))
	if c, _ := s.Customer(ctx, "c3"); c.EmailBad || c.Email != "berta@example.org" {
		t.Errorf("another address: %+v", c)
	}

	erased, err := s.EraseCustomer(ctx, "c1", "ann", noon())
	must(t, err)
	if _, err = s.EraseCustomer(ctx, "c2", "ann", noon()); err != nil || erased.Alias == "" {
		t.Fatal(err)
	}
	_, err = s.EraseCustomer(ctx, "c4", "ann", noon())
	must(t, err)
	must(t, s.PutCustomers(ctx, []presage.Customer{{ID: "c5", Email: "anna@example.com", Consent: newer}}))
	ended("c5", true)
}
