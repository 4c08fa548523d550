package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/gin-gonic/gin"

	"presage"
	"presage/api/access"
	"presage/api/chart"
)

// Bench is the workshop's work on a visit; see rest.Bench.
type Bench interface {
	JobCard(ctx context.Context, bookingID string) (presage.JobCard, error)
	Step(ctx context.Context, bookingID string, stage presage.RepairStage, who string) error
	Check(ctx context.Context, bookingID, item, who string, ticked bool) error
	Undo(ctx context.Context, bookingID, who string) error
	Correct(ctx context.Context, r presage.WorkshopResult, who, why string) error
	// Judge says what RecordResult would refuse, and keeps nothing.
	Judge(ctx context.Context, r presage.WorkshopResult) error
	// Versions of a booking's result, the newest first.
	Versions(ctx context.Context, bookingID string) ([]presage.ResultVersion, error)
	// Course is how far the repair of a booking has come; Courses are those of
	// the visits that begin in [from, to) at a workshop.
	Course(ctx context.Context, bookingID string) (presage.Repair, error)
	Courses(ctx context.Context, workshopID string, from, to time.Time) ([]presage.Repair, error)
}

func jobURL(bookingID string) string { return "/job/" + url.PathEscape(bookingID) }

// mountJobs adds the technician's pages.
func (s *Site) mountJobs(r gin.IRouter) {
	r.GET("/job/:booking", s.console(job))
	r.POST("/job/:booking/stage", s.console(stepJob))
	r.POST("/job/:booking/checks", s.console(checkJob))
	r.POST("/job/:booking/result", s.console(reportJob))
	r.POST("/job/:booking/correct", s.console(correctJob))
	r.POST("/job/:booking/undo", s.console(undoJob))
}

type jobBody struct {
	presage.JobCard

	Zone       string
	Technician string
	Charts     map[presage.ComponentID]*chart.Series // of what is measured
	Form       jobForm
	Outcomes   []presage.Outcome
	Stages     []presage.RepairStage
	Result     *presage.ResultVersion // that counts, nil for none
	UndoUntil  time.Time              // zero where it cannot be taken back
	Correcting bool
	Who        signer
	CanStep    bool
	CanReport  bool
	// Pictures that were not kept.
	PhotoFaults []photoFault
	Manager     bool
	now         time.Time
}

// reports tells that the page has the form of a result.
func (b jobBody) reports() bool { return b.CanReport || b.Correcting }

// FormID is the form that the buttons of photos send: that of the result where there is
// one, so that nothing typed there is lost.
func (b jobBody) FormID() string {
	if b.reports() {
		return "report-form"
	}
	return "photo-form"
}

// CanRemove tells that who looks may remove a photo.
func (b jobBody) CanRemove(p presage.JobPhoto) bool { return b.Manager || !b.now.After(p.Undoable()) }

// MorePhotos is how many more photos the visit may have.
func (b jobBody) MorePhotos() int {
	if b.Booking.State == presage.BookingCancelled {
		return 0
	}
	return max(0, presage.MostPhotos-len(b.Photos))
}

func job(r *request) error {
	b, err := r.readJob()
	if err != nil {
		return err
	}
	r.heed()
	if b.Correcting = r.Query("correct") != "" && b.Result != nil; b.Correcting {
		b.Form = formOf(b.Result.Result, r.zone(b.Zone))
	} else {
		b.Form = newForm(b.JobCard)
	}
	b.Form.Who = b.Who.Name
	return r.showJob(http.StatusOK, b)
}

func (r *request) showJob(status int, b jobBody) error {
	b.Charts = map[presage.ComponentID]*chart.Series{}
	for _, n := range b.Needs {
		if n.Prognosis == nil || n.Prognosis.Measured == nil {
			continue
		}
		series, err := chart.Read(r.Request.Context(), r.site.Health, chart.Query{
			VIN: b.Booking.VIN, Feature: n.Prognosis.Measured.Feature, Days: chartDays, Now: r.site.Now(),
		})
		if err != nil {
			return err
		}
		b.Charts[n.Component.ID] = &series
	}
	r.here = jobURL(b.Booking.ID) + "?"
	return r.render(status, "job", "workshop", r.text("job.title", tail(b.Booking.VIN)), b)
}

func (r *request) readJob() (jobBody, error) {
	card, err := r.site.Bench.JobCard(r.Request.Context(), r.Param("booking"))
	if err != nil {
		return jobBody{}, err
	}
	b := jobBody{
		JobCard: card, Zone: card.Workshop.Zone, Technician: technician(card.Workshop, card.Booking.TechnicianID),
		Outcomes: jobOutcomes(), Stages: presage.RepairStages(), Who: r.signer(),
		Manager: access.Manages(r.Request.Context()), now: r.site.Now(),
	}
	if v := card.Current(); v.Version > 0 {
		b.Result = &v
		if until := v.Undoable(); v.Why == "" && until.After(r.site.Now()) {
			b.UndoUntil = until
		}
	}
	state := card.Booking.State
	b.CanStep = state == presage.BookingConfirmed || state == presage.BookingArrived || state == presage.BookingNoShow
	b.CanReport = b.Result == nil && state != presage.BookingDone
	return b, nil
}

// jobOutcomes are those that a technician chooses from at a visit.
func jobOutcomes() []presage.Outcome {
	return []presage.Outcome{
		presage.OutcomeConfirmed, presage.OutcomeWornNotDue, presage.OutcomeNoFaultFound, presage.OutcomeOtherCause,
		presage.OutcomeReplacedElsewhere, presage.OutcomeFailed,
	}
}

func stepJob(r *request) error {
	id, who := r.Param("booking"), r.technician()
	if err := r.site.Bench.Step(r.Request.Context(), id, presage.RepairStage(r.PostForm("stage")), who); err != nil {
		return err
	}
	return r.redirect(jobURL(id) + "?notice=stage")
}

// technician is who fills a form in, and is remembered.
func (r *request) technician() string {
	who := oneLine(r.PostForm("who"))
	if who != "" && presage.CheckPlain(who, mostWho) == nil {
		r.remember(who)
	}
	return who
}

const mostWho = 100

// checkJob ticks what the form has ticked and takes back what it has not.
func checkJob(r *request) error {
	ctx, id, who := r.Request.Context(), r.Param("booking"), r.technician()
	card, err := r.site.Bench.JobCard(ctx, id)
	if err != nil {
		return err
	}
	ticked := r.PostFormArray("item")
	for _, item := range card.Items() {
		now := slices.Contains(ticked, item)
		if now == (card.Ticked(item) != nil) {
			continue
		}
		if err := r.site.Bench.Check(ctx, id, item, who, now); err != nil {
			return err
		}
	}
	return r.redirect(jobURL(id) + "?notice=checks#steps")
}

func reportJob(r *request) error {
	return r.result(false, func(ctx context.Context, x presage.WorkshopResult, _ jobForm) error {
		return r.site.Visits.RecordResult(ctx, x)
	}, "done")
}

func correctJob(r *request) error {
	return r.result(true, func(ctx context.Context, x presage.WorkshopResult, f jobForm) error {
		return r.site.Bench.Correct(ctx, x, f.Who, f.Why)
	}, "corrected")
}

// result stores what a form says with the photos that came with it, or shows it again
// with all that is wrong with it. Photos that are right are kept all the same.
func (r *request) result(
	correcting bool, store func(context.Context, presage.WorkshopResult, jobForm) error, done string,
) error {
	ctx, id := r.Request.Context(), r.Param("booking")
	if _, err := r.site.Bookings.Booking(ctx, id); err != nil {
		return err
	}
	_, wrong, err := r.receive(id)
	if err != nil {
		return err
	}
	b, err := r.readJob()
	if err != nil {
		return err
	}
	b.Correcting, b.PhotoFaults = correcting, wrong
	form, x := r.jobForm(b)
	if form.Why = oneLine(r.PostForm("why")); correcting && form.Why == "" {
		form.bad("why", presage.WhyMissing)
	}
	if len(form.Faults) > 0 {
		err = r.site.Bench.Judge(ctx, x)
	} else {
		err = store(ctx, x, form)
	}
	faults, refused := errors.AsType[presage.ResultErrors](err)
	switch {
	case refused || err == nil && len(form.Faults) > 0:
		form.add(faults)
		b.Form = form
		r.notice = notice{"due", r.text("job.refused", len(form.Faults))}
		return r.showJob(http.StatusUnprocessableEntity, b)
	case err != nil:
		return err
	case len(wrong) > 0:
		return r.storedBut(wrong)
	}
	return r.redirect(jobURL(id) + "?notice=" + done)
}

// storedBut shows a result that was stored, and the photos that were not.
func (r *request) storedBut(wrong []photoFault) error {
	b, err := r.readJob()
	if err != nil {
		return err
	}
	b.PhotoFaults = wrong
	r.notice = notice{"due", r.text("job.photos.refused", len(wrong))}
	return r.showJob(http.StatusUnprocessableEntity, b)
}

func undoJob(r *request) error {
	id := r.Param("booking")
	if err := r.site.Bench.Undo(r.Request.Context(), id, r.technician()); err != nil {
		return err
	}
	return r.redirect(jobURL(id) + "?notice=undone")
}

// stagesOf are how far the cars of a day have come at a workshop, by booking.
func (s *Site) stagesOf(ctx context.Context, workshopID string, day time.Time) (map[string]presage.RepairStage, error) {
	courses, err := s.Bench.Courses(ctx, workshopID, day.UTC(), day.AddDate(0, 0, 1).UTC())
	if err != nil {
		return nil, err
	}
	stages := make(map[string]presage.RepairStage, len(courses))
	for _, c := range courses {
		stages[c.BookingID] = c.Stage()
	}
	return stages, nil
}
