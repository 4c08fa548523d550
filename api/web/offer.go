package web

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"
	"slices"

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
	booker

	Stage   offerStage
	Done    string // what was just done: "booked", "moved", "cancelled", "restored", "agreed"; "" for nothing
	Found   []componentCard
	Results []presage.Finding // what the workshop found
	Repair  presage.RepairStage
	Photos  []presage.JobPhoto // that the workshop shows
	Survey  presage.Survey     // of the visit that is over
	Jobs    []presage.Job
	Zone    string
	Moving  bool // has a visit and looks for another time
	Safety  bool
	Comfort bool // nothing of it can stop the car or harm anybody, or a service interval alone makes it due
}

func offer(r *request) error {
	b, err := r.readOffer(r.Param("token"), r.spot())
	if err != nil {
		return err
	}
	if b.sought() && b.Chosen == nil {
		r.notice = notice{"watch", r.text("offer.sold")}
	}
	return r.showOffer(http.StatusOK, b)
}

// offerPage shows where the offer stands now.
func (r *request) offerPage(status int) error {
	b, err := r.readOffer(r.Param("token"), spot{})
	if err != nil {
		return err
	}
	return r.showOffer(status, b)
}

func (r *request) showOffer(status int, b offerBody) error {
	return r.render(status, "offer", "", r.text("offer.title"), b)
}

// readOffer reads an offer and, where a time can be chosen, what is free around a spot.
func (r *request) readOffer(token string, at spot) (offerBody, error) {
	s := r.site
	view, at, err := r.lookUp(token, at)
	if err != nil {
		return offerBody{}, err
	}
	b := offerBody{OfferView: view, Zone: view.Workshop.Zone, Safety: view.Case.Severity == presage.Safety}
	if view.Zone != nil {
		b.Zone = view.Zone.String()
	}
	if done := r.Query("done"); slices.Contains(doings(), done) {
		b.Done = done
	}
	b.Stage, b.Moving = stageOf(view, at.change)
	if b.Found, err = s.found(r.Request.Context(), view.Case); err != nil {
		return b, err
	}
	b.Comfort = b.comfort()
	b.addJobs(s.Catalogue, s.jobsOf(view.Case.Components))
	return b, r.fill(&b, token, at)
}

// lookUp reads an offer around a spot, or without it where no centre is near, and speaks
// the customer's language from here on.
func (r *request) lookUp(token string, at spot) (presage.OfferView, spot, error) {
	ctx, s := r.Request.Context(), r.site
	view, err := s.Offers.OfferAt(ctx, token, at.workshop)
	if errors.Is(err, presage.ErrInvalid) {
		at = spot{change: at.change}
		view, err = s.Offers.OfferAt(ctx, token, "")
	}
	if err == nil || view.Lang != "" {
		r.speaker = s.speakers[s.chooseLang(r.Writer, r.Request, view.Lang)]
	}
	return view, at, err
}

// fill reads what the stage of an offer shows.
func (r *request) fill(b *offerBody, token string, at spot) (err error) {
	view := b.OfferView
	switch b.Stage {
	case stageChoose:
		b.booker, err = r.booker(view, at, r.zone(b.Zone))
	case stageDone:
		if b.Results, err = r.results(view); err == nil {
			b.Survey, err = r.survey(token)
		}
	case stageArrived:
		b.Repair, err = r.repair(view)
	case stageBooked, stageDeclined, stageExpired, stageClosed:
	}
	if err == nil && (b.Stage == stageDone || b.Stage == stageArrived) {
		b.Photos, err = r.site.photosOf(r.Request.Context(), view)
	}
	return err
}

func doings() []string {
	return []string{"booked", "moved", "cancelled", "restored", "agreed", "readdressed"}
}

// results are what the workshop found at the visit, as it says now.
func (r *request) results(v presage.OfferView) ([]presage.Finding, error) {
	if v.Visited == nil {
		return nil, nil
	}
	versions, err := r.site.Bench.Versions(r.Request.Context(), v.Visited.ID)
	return presage.CurrentOf(versions).Result.Findings, err
}

// repair is how far the car has come.
func (r *request) repair(v presage.OfferView) (presage.RepairStage, error) {
	if v.Booking == nil {
		return presage.RepairArrived, nil
	}
	course, err := r.site.Bench.Course(r.Request.Context(), v.Booking.ID)
	return cmp.Or(course.Stage(), presage.RepairArrived), err
}

// comfort tells that nothing of an offer is urgent.
func (b *offerBody) comfort() bool {
	return !b.Safety && (b.Case.Severity == presage.Comfort || byInterval(b.Found))
}

// brandOf heads a customer's page: the name that signs for the car, where it is known.
func brandOf(body any) string {
	switch b := body.(type) {
	case offerBody:
		if b.Brand != "" {
			return b.Brand
		}
	case rescueBody:
		return b.Brand
	}
	return "Presage"
}

// addJobs names what is going to be done; unknown codes are left to the workshop.
func (b *offerBody) addJobs(cat *presage.Catalogue, codes []string) {
	for _, code := range codes {
		if j, err := cat.Job(code); err == nil {
			b.Jobs = append(b.Jobs, j)
		}
	}
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

func offerURL(token string) string { return "/b/" + url.PathEscape(token) }

func cancelOffer(r *request) error {
	token := r.Param("token")
	err := r.site.Refusals.CancelSeen(r.Request.Context(), token, r.shownVisit())
	switch {
	case errors.Is(err, presage.ErrStale):
		return r.changedMeanwhile(token)
	case err != nil:
		return err
	}
	return r.redirect(offerURL(token) + "?done=cancelled")
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
