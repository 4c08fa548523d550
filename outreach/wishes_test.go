package outreach_test

import (
	"strings"
	"testing"

	"presage"
)

func TestWishesGoAlongWithTheVisit(t *testing.T) {
	t.Parallel()
	w := newWorld(t, standard())
	all, err := w.store.Workshops(w.ctx())
	w.do(err)
	all[0].Stays = []presage.Stay{presage.StayWait}
	w.do(w.store.PutWorkshops(w.ctx(), all))
	w.prognosis(vin, presage.Battery12V, presage.StatusDue)
	w.decide()
	v, err := w.s.OfferByToken(w.ctx(), w.token())
	w.do(err)
	wish := presage.Wish{Token: v.Token, SlotID: v.Slots[0].ID, Via: "link"}
	for _, wrong := range []presage.Wishes{
		{Stay: presage.StayLoaner}, {Note: strings.Repeat("a", 501)}, {Note: "two\nlines"},
	} {
		wish.Wishes = &wrong
		_, err := w.s.BookWish(w.ctx(), wish)
		w.wantErr(err, presage.ErrInvalid)
	}
	asked := presage.Wishes{Stay: presage.StayWait, Note: "钥匙在前台"}
	wish.Wishes = &asked
	_, err = w.s.BookWish(w.ctx(), wish)
	w.do(err)
	wish.SlotID, wish.Wishes = v.Slots[1].ID, nil
	b, err := w.s.BookWish(w.ctx(), wish)
	w.do(err)
	if stored, err := w.store.Booking(w.ctx(), b.ID); err != nil || stored.Wishes != asked {
		t.Errorf("after a move: %+v, %v, want %+v", stored.Wishes, err, asked)
	}
	v, err = w.s.OfferByToken(w.ctx(), v.Token)
	w.do(err)
	if v.Before == nil || !v.Before.Start.Equal(v.Slots[0].Start) && v.Before.WorkshopID != "w1" {
		t.Errorf("the page does not know the visit that was moved from: %+v", v.Before)
	}
}

func TestCustomerChoosesTheWays(t *testing.T) {
	t.Parallel()
	w := newWorld(t, standard())
	w.prognosis(vin, presage.Battery12V, presage.StatusDue)
	w.decide()
	token := w.token()
	ways := func(x presage.Channels) presage.Consent {
		w.do(w.s.AgreeByToken(w.ctx(), token, x, nil))
		c, err := w.store.Customer(w.ctx(), customer)
		w.do(err)
		return c.Consent
	}
	c := ways(presage.Channels{Push: true})
	if !c.Push || c.SMS || c.Call || !c.Stopped.SMS || !c.Stopped.Call || c.Source != "link" {
		t.Errorf("push alone: %+v", c)
	}
	c = ways(presage.Channels{})
	if c.Push || c.SMS || c.Call {
		t.Errorf("nothing: %+v", c)
	}
	w.wantCase(presage.CaseSuppressed, presage.OwnerOutreach)
	c = ways(presage.Channels{SMS: true, Call: true})
	if c.Push || !c.SMS || !c.Call || c.Stopped.SMS || c.Stopped.Call {
		t.Errorf("SMS and calls again: %+v", c)
	}
	w.wantCase(presage.CaseOpen, presage.OwnerOutreach) // it was told today: the next text waits
	w.wantErr(w.s.AgreeByToken(w.ctx(), token[:20]+"A"+token[21:], presage.Channels{}, nil), presage.ErrForbidden)
}
