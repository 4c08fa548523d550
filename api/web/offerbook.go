package web

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"presage"
)

func book(r *request) error {
	token := r.Param("token")
	before, err := r.site.Offers.OfferAt(r.Request.Context(), token, "")
	if err == nil {
		_, err = r.site.Offers.BookWish(r.Request.Context(), presage.Wish{
			Token: token, SlotID: r.PostForm("slot"), Via: "link", Seen: r.shownVisit(), Wishes: r.wishes(),
			Address: r.address(),
		})
	}
	switch {
	case errors.Is(err, presage.ErrStale):
		return r.changedMeanwhile(token)
	case errors.Is(err, presage.ErrConflict): // somebody was faster, or the time has passed
		return r.chooseAgain(http.StatusConflict, "offer.sold")
	case errors.Is(err, presage.ErrExpired): // the page says so in the customer's language
		return r.offerPage(http.StatusGone)
	case errors.Is(err, presage.ErrTooLate):
		return r.chooseAgain(http.StatusUnprocessableEntity, "offer.late")
	case errors.Is(err, presage.ErrNoAddress):
		return r.chooseAgain(http.StatusUnprocessableEntity, "offer.address.missing")
	case errors.Is(err, presage.ErrInvalid): // nothing was chosen, or no time of this workshop
		return r.chooseAgain(http.StatusUnprocessableEntity, "offer.unchosen")
	case err != nil:
		return err
	}
	return r.redirect(offerURL(token) + "?done=" + r.doing(before))
}

// doing names what a booking was, seen from what was there before.
func (r *request) doing(before presage.OfferView) string {
	switch {
	case r.PostForm("undo") != "":
		return "restored"
	case before.Booking != nil && r.PostForm("slot") == slotOf(*before.Booking):
		return "readdressed"
	case before.Booking != nil:
		return "moved"
	}
	return "booked"
}

// wishes are what the form says, nil where it does not ask.
func (r *request) wishes() *presage.Wishes {
	note, asked := r.GetPostForm("note")
	stay, also := r.GetPostForm("stay")
	if !asked && !also {
		return nil
	}
	return &presage.Wishes{Stay: presage.Stay(stay), Note: clipped(strings.Join(strings.Fields(note), " "))}
}

// address is where a van shall come to, "" where the form does not say.
func (r *request) address() presage.Address {
	return presage.Address(strings.Join(strings.Fields(r.PostForm("address")), " "))
}

// clipped keeps a note to what a workshop reads; the form allows no more.
func clipped(note string) string {
	const most = 500
	if r := []rune(note); len(r) > most {
		return string(r[:most])
	}
	return note
}

// chooseAgain says why nothing was booked and shows what is left around the time
// that was asked for.
func (r *request) chooseAgain(status int, why string) error {
	at := r.spot()
	at.slot = r.PostForm("slot")
	if id, _, ok := strings.Cut(at.slot, "@"); ok {
		at.workshop = id
	}
	b, err := r.readOffer(r.Param("token"), at)
	if err != nil {
		return err
	}
	if b.Stage == stageChoose {
		r.notice = notice{"watch", r.text(why)} // in the language readOffer settled on
		b.keep(r.wishes())
		if to := r.address(); to != "" {
			b.VanTo = to
		}
	}
	return r.showOffer(status, b)
}

// shownVisit is the visit that the page of a form showed, "" for none; nil when
// the form does not say.
func (r *request) shownVisit() *string {
	if id, said := r.GetPostForm("visit"); said {
		return &id
	}
	return nil
}

// changedMeanwhile answers a form whose page was opened before the visit was
// booked, moved or cancelled elsewhere: nothing was done, and it asks again.
func (r *request) changedMeanwhile(token string) error {
	at := spot{slot: r.PostForm("slot"), change: true}
	b, err := r.readOffer(token, at)
	if err != nil {
		return err
	}
	if b.Booking == nil {
		r.notice = notice{"watch", r.text("offer.changed.cancelled")}
		return r.showOffer(http.StatusConflict, b)
	}
	start := b.Booking.Start
	r.notice = notice{"watch", r.text("offer.changed.moved", r.dayIn(start, b.Zone), r.timeIn(start, b.Zone))}
	return r.showOffer(http.StatusConflict, b)
}

// agree changes by which ways the customer is written to.
func agree(r *request) error {
	token := r.Param("token")
	err := r.site.Refusals.AgreeByToken(r.Request.Context(), token, presage.Channels{
		Push: r.PostForm("push") != "", SMS: r.PostForm("sms") != "", Email: r.PostForm("email") != "",
		Call: r.PostForm("call") != "",
	}, r.seenAt())
	if errors.Is(err, presage.ErrStale) {
		b, bad := r.readOffer(token, spot{})
		if bad != nil {
			return bad
		}
		r.notice = notice{"watch", r.text("offer.ways.changed")}
		return r.showOffer(http.StatusConflict, b)
	}
	if err != nil {
		return err
	}
	return r.redirect(offerURL(token) + "?done=agreed")
}

// seenAt is when the consent that the page showed was changed; nil where it does not say.
func (r *request) seenAt() *time.Time {
	at, err := time.Parse(time.RFC3339Nano, r.PostForm("seen"))
	if err != nil {
		return nil
	}
	return &at
}
