package outreach_test

import (
	"context"
	"testing"
	"time"

	"presage"
	"presage/outreach"
)

// between does something else just before a step of a consent is written.
type between struct {
	sqlStore
	first func(ctx context.Context) error // once
}

func (b *between) ChangeConsent(ctx context.Context, id string, x presage.ConsentStep) error {
	if first := b.first; first != nil && x.Source == "link" {
		b.first = nil
		if err := first(ctx); err != nil {
			return err
		}
	}
	return b.sqlStore.ChangeConsent(ctx, id, x)
}

// A STOP that comes in while the page's choice is on its way stands, though the page
// had SMS open; and a page from before a STOP opens nothing.
func TestStopWhileTheCustomerChooses(t *testing.T) {
	t.Parallel()
	x, store := standard(), &between{}
	x.wrap = func(s sqlStore) outreach.Store { store.sqlStore = s; return store }
	w := newWorld(t, x)
	w.prognosis(vin, presage.Battery12V, presage.StatusDue)
	w.decide()
	w.send()
	token := w.token()
	consent := func() presage.Consent {
		c, err := w.store.Customer(w.ctx(), customer)
		w.do(err)
		return c.Consent
	}
	shown := consent().ChangedAt
	store.first = func(ctx context.Context) error {
		w.now = w.now.Add(time.Second)
		_, err := w.s.Reply(ctx, customer, presage.ChannelSMS, "STOP")
		return err
	}
	w.wantErr(w.s.AgreeByToken(w.ctx(), token, presage.Channels{Push: true, SMS: true, Call: true}, nil), presage.ErrStale)
	if c := consent(); c.Push || c.SMS || !c.Stopped.SMS || c.Source != "sms STOP" {
		t.Errorf("after a STOP in between: %+v", c)
	}
	w.wantErr(w.s.AgreeByToken(w.ctx(), token, presage.Channels{SMS: true}, &shown), presage.ErrStale)
	if c := consent(); c.SMS {
		t.Errorf("a page from before the STOP has opened SMS: %+v", c)
	}
	now := consent().ChangedAt
	w.do(w.s.AgreeByToken(w.ctx(), token, presage.Channels{SMS: true}, &now))
	if c := consent(); !c.SMS || c.Push || !c.Stopped.Push {
		t.Errorf("who opens SMS again has SMS alone: %+v", c)
	}
}
