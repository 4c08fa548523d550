package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"time"

	"presage"
)

// offerStage is which page of an offer a customer sees.
type offerStage string

const (
	stageChoose   offerStage = "choose"
	stageBooked   offerStage = "booked"
	stageArrived  offerStage = "arrived"
	stageDone     offerStage = "done"
	stageDeclined offerStage = "declined"
	stageExpired  offerStage = "expired"
	stageClosed   offerStage = "closed"
)

type offerBody struct {
	presage.OfferView
	Stage    offerStage
	Found    []componentCard
	Jobs     []presage.Job
	Duration time.Duration
	Zone     string
	Picks    []presage.SlotView // the first few, as big buttons
	Days     []slotDay          // all of them, by day
	More     bool
	Moving   bool // has a visit and looks for another time
	Safety   bool
	Comfort  bool // nothing of it can stop the car or harm anybody, or a service interval alone makes it due
}

type slotDay struct {
	Day   time.Time
	Slots []presage.Slot
}

const (
	bigSlots  = 3
	moreSlots = 60
)

func offer(r *request) error { return r.offerPage(http.StatusOK) }

// offerPage shows where the offer stands now.
func (r *request) offerPage(status int) error {
	b, err := r.readOffer(r.Param("token"))
	if err != nil {
		return err
	}
	return r.render(status, "offer", "", r.text("offer.title"), b)
}

func (r *request) readOffer(token string) (offerBody, error) {
	ctx, s := r.Request.Context(), r.site
	view, err := s.Offers.OfferByToken(ctx, token)
	if err != nil {
		if view.Lang != "" {
			r.speaker = s.speakers[s.chooseLang(r.Writer, r.Request, view.Lang)]
		}
		return offerBody{}, err
	}
	r.speaker = s.speakers[s.chooseLang(r.Writer, r.Request, view.Lang)]
	b := offerBody{
		OfferView: view, Zone: view.Workshop.Zone, More: r.Query("more") != "",
		Picks: view.Slots[:min(bigSlots, len(view.Slots))], Safety: view.Case.Severity == presage.Safety,
	}
	if view.Zone != nil {
		b.Zone = view.Zone.String()
	}
	b.Stage, b.Moving = stageOf(view, r.Query("change") != "")
	if b.Found, err = s.found(ctx, view.Case); err != nil {
		return b, err
	}
	b.Comfort = b.comfort()
	codes := b.addJobs(s.Catalogue, s.jobsOf(view.Case.Components))
	b.More = b.More || len(b.Picks) == 0
	if b.Stage != stageChoose || !b.More {
		return b, nil
	}
	now := s.Now()
	to := now.AddDate(0, 0, slotDays)
	if end := view.Latest.Add(time.Second); !view.Latest.IsZero() && end.Before(to) {
		to = end
	}
	rows, err := s.Desk.Slots(ctx, view.Workshop.ID, codes, now, to, moreSlots)
	if err != nil {
		return b, err
	}
	b.Picks, b.Days = nil, byDay(rows, r.zone(b.Zone))
	return b, nil
}

// comfort tells that nothing of an offer is urgent.
func (b *offerBody) comfort() bool {
	return !b.Safety && (b.Case.Severity == presage.Comfort || byInterval(b.Found))
}

// brandOf heads a customer's page: the name that signs for the car, where it is known.
func brandOf(body any) string {
	if b, ok := body.(offerBody); ok && b.Brand != "" {
		return b.Brand
	}
	return "Presage"
}

// addJobs sums up what is going to be done; unknown codes are left to the workshop.
func (b *offerBody) addJobs(cat *presage.Catalogue, codes []string) []string {
	for _, code := range codes {
		j, err := cat.Job(code)
		if err != nil {
			continue
		}
		b.Jobs = append(b.Jobs, j)
		b.Duration += j.Duration()
	}
	return codes
}

// stageOf chooses the page. The visit is what the customer remembers, so it
// goes first; moving is true when a booked customer asked for another time.
func stageOf(v presage.OfferView, change bool) (stage offerStage, moving bool) {
	if stage, ok := visitStage(v); ok {
		return stage, false
	}
	change = change && v.CanBook
	switch v.State {
	case presage.OfferBooked:
		if !change {
			return stageBooked, false
		}
		return stageChoose, true
	case presage.OfferOpen:
		return stageChoose, false
	case presage.OfferDeclined:
		if !change {
			return stageDeclined, false
		}
		return stageChoose, false
	case presage.OfferExpired:
		return stageExpired, false
	case presage.OfferStopped, presage.OfferClosed:
	}
	return stageClosed, false
}

// visitStage answers while the car is at the workshop, or was.
func visitStage(v presage.OfferView) (offerStage, bool) {
	var visit presage.BookingState
	if v.Booking != nil {
		visit = v.Booking.State
	}
	switch {
	case v.Case.State == presage.CaseDone || visit == presage.BookingDone:
		return stageDone, true
	case v.Case.State == presage.CaseArrived || visit == presage.BookingArrived:
		return stageArrived, true
	}
	return "", false
}

func byDay(slots []presage.Slot, zone *time.Location) []slotDay {
	var days []slotDay
	for _, slot := range slots {
		t := slot.Start.In(zone)
		day := time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, zone)
		if len(days) == 0 || !days[len(days)-1].Day.Equal(day) {
			days = append(days, slotDay{Day: day})
		}
		last := &days[len(days)-1]
		last.Slots = append(last.Slots, slot)
	}
	return days
}

func offerURL(token string) string { return "/b/" + url.PathEscape(token) }

func book(r *request) error {
	token := r.Param("token")
	_, err := r.site.Offers.BookWish(r.Request.Context(), presage.Wish{
		Token: token, SlotID: r.PostForm("slot"), Via: "link", Seen: r.shownVisit(),
	})
	switch {
	case errors.Is(err, presage.ErrStale):
		return r.changedMeanwhile(token)
	case errors.Is(err, presage.ErrConflict): // somebody was faster, or the time has passed
		return r.chooseAgain(token, http.StatusConflict, "offer.sold")
	case errors.Is(err, presage.ErrNewOwner):
		return r.offerPage(http.StatusOK) // says so in the customer's language
	case errors.Is(err, presage.ErrTooLate):
		return r.chooseAgain(token, http.StatusUnprocessableEntity, "offer.late")
	case errors.Is(err, presage.ErrInvalid): // nothing was ticked, or no time of this workshop
		return r.chooseAgain(token, http.StatusUnprocessableEntity, "offer.unchosen")
	case err != nil:
		return err
	}
	return r.redirect(offerURL(token))
}

// chooseAgain says why nothing was booked and shows what is left.
func (r *request) chooseAgain(token string, status int, why string) error {
	b, err := r.readOffer(token)
	if err != nil {
		return err
	}
	if b.Stage == stageChoose {
		r.notice = notice{"watch", r.text(why)} // in the language readOffer settled on
	}
	return r.render(status, "offer", "", r.text("offer.title"), b)
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
	b, err := r.readOffer(token)
	if err != nil {
		return err
	}
	if b.Booking == nil {
		r.notice = notice{"watch", r.text("offer.changed.cancelled")}
		return r.render(http.StatusConflict, "offer", "", r.text("offer.title"), b)
	}
	at := b.Booking.Start
	r.notice = notice{"watch", r.text("offer.changed.moved", r.dayIn(at, b.Zone), r.timeIn(at, b.Zone))}
	if b.CanBook {
		b.Stage, b.Moving = stageChoose, true
		b.prefer(r.PostForm("slot"))
	}
	return r.render(http.StatusConflict, "offer", "", r.text("offer.title"), b)
}

// prefer puts the slot that was asked for first, if it is free.
func (b *offerBody) prefer(slotID string) {
	i := slices.IndexFunc(b.Slots, func(s presage.SlotView) bool { return s.ID == slotID })
	if i < 0 {
		return
	}
	rest := slices.DeleteFunc(slices.Clone(b.Picks), func(s presage.SlotView) bool { return s.ID == slotID })
	b.Picks = append([]presage.SlotView{b.Slots[i]}, rest...)
}

func cancelOffer(r *request) error {
	token := r.Param("token")
	err := r.site.Refusals.CancelSeen(r.Request.Context(), token, r.shownVisit())
	switch {
	case errors.Is(err, presage.ErrStale):
		return r.changedMeanwhile(token)
	case err != nil:
		return err
	}
	return r.redirect(offerURL(token))
}

// declineReasons are what a customer may tick; anything else is "other".
func declineReasons() []string { return []string{"not_now", "repaired", "sold", "price", "other"} }

func decline(r *request) error {
	why := r.PostForm("why")
	if !slices.Contains(declineReasons(), why) {
		why = "other"
	}
	err := r.site.Refusals.DeclineSeen(r.Request.Context(), r.Param("token"), why, r.shownVisit())
	switch {
	case errors.Is(err, presage.ErrStale):
		return r.changedMeanwhile(r.Param("token"))
	case err != nil:
		return err
	}
	return r.redirect(offerURL(r.Param("token")))
}

func stop(r *request) error {
	if err := r.site.Refusals.StopByToken(r.Request.Context(), r.Param("token")); err != nil {
		return err
	}
	return r.render(http.StatusOK, "offer-stopped", "", r.text("offer.stopped.title"), nil)
}

func calendar(r *request) error {
	ics, err := r.site.Offers.ICS(r.Request.Context(), r.Param("token"))
	if err != nil {
		return err
	}
	r.Header("Content-Disposition", `attachment; filename="appointment.ics"`)
	r.Data(http.StatusOK, "text/calendar; charset=utf-8", ics)
	return nil
}
