package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"github.com/gin-gonic/gin"

	"presage"
	"presage/api/access"
)

// Photos are what technicians photographed at visits; see rest.Photos.
type Photos interface {
	AddPhoto(ctx context.Context, p presage.NewPhoto) (presage.JobPhoto, error)
	JobPhotos(ctx context.Context, bookingID string) ([]presage.JobPhoto, error)
	PhotoFile(ctx context.Context, bookingID, id string) (presage.PhotoFile, error)
	ShowPhoto(ctx context.Context, bookingID, id string, forCustomer bool) error
	RemovePhoto(ctx context.Context, x presage.PhotoRemoval) error
}

// mountPhotos adds the pictures of a job. Each form may be the one of the result, so that
// nothing that was typed there is lost.
func (s *Site) mountPhotos(r gin.IRouter) {
	const one = "/job/:booking/photos/:photo"
	r.POST("/job/:booking/photos", s.console(addPhotos))
	r.GET(one, s.console(jobPhoto))
	r.POST(one+"/show", s.console(func(r *request) error { return r.show(true) }))
	r.POST(one+"/hide", s.console(func(r *request) error { return r.show(false) }))
	r.POST(one+"/remove", s.console(removePhoto))
}

func photoURL(p presage.JobPhoto) string {
	return jobURL(p.BookingID) + "/photos/" + url.PathEscape(p.ID)
}

func addPhotos(r *request) error { return r.album(nil, "photo") }

func (r *request) show(forCustomer bool) error {
	return r.album(func(ctx context.Context, _ string) error {
		return r.site.Photos.ShowPhoto(ctx, r.Param("booking"), r.Param("photo"), forCustomer)
	}, map[bool]string{true: "photo_shown", false: "photo_hidden"}[forCustomer])
}

func removePhoto(r *request) error {
	return r.album(func(ctx context.Context, who string) error {
		return r.site.Photos.RemovePhoto(ctx, presage.PhotoRemoval{
			BookingID: r.Param("booking"), ID: r.Param("photo"), Who: who, Manager: access.Manages(ctx),
		})
	}, "photo_removed")
}

// album keeps the pictures that came, does what else was asked for, and shows the card
// again with all that was typed.
func (r *request) album(act func(ctx context.Context, who string) error, done string) error {
	id := r.Param("booking")
	if _, err := r.site.Bookings.Booking(r.Request.Context(), id); err != nil {
		return err
	}
	added, faults, err := r.receive(id)
	if err != nil {
		return err
	}
	who := r.technician()
	switch {
	case act != nil:
		// Who pressed twice, or beside another, sees the card as it is.
		if err := act(r.Request.Context(), who); err != nil && !errors.Is(err, presage.ErrNotFound) {
			return err
		}
	case added == 0 && len(faults) == 0:
		faults = []photoFault{{Why: presage.Because(presage.WhyPhotoNone)}}
	}
	b, err := r.readJob()
	if err != nil {
		return err
	}
	return r.withPhotos(b, faults, done)
}

// withPhotos shows a card again whose photos have changed.
func (r *request) withPhotos(b jobBody, faults []photoFault, done string) error {
	b.PhotoFaults = faults
	b.Correcting = r.PostForm("correcting") != "" && b.Result != nil
	if !b.reports() && len(faults) == 0 {
		return r.redirect(jobURL(r.Param("booking")) + "?notice=" + done + "#photos")
	}
	b.Form, _ = r.jobForm(b)
	b.Form.Faults, b.Form.Why = nil, oneLine(r.PostForm("why"))
	if len(faults) > 0 {
		r.notice = notice{"due", r.text("job.photos.refused", len(faults))}
		return r.showJob(http.StatusUnprocessableEntity, b)
	}
	r.notice = notice{"ok", r.text("notice." + done)}
	return r.showJob(http.StatusOK, b)
}

func jobPhoto(r *request) error {
	f, err := r.site.Photos.PhotoFile(r.Request.Context(), r.Param("booking"), r.Param("photo"))
	if err != nil {
		return err
	}
	return r.serve(f)
}

// serve answers with a photo, small where it is asked for. Its bytes are our own encoder's
// and never change.
func (r *request) serve(f presage.PhotoFile) error {
	data := f.Body
	if r.Query("size") == "small" {
		data = f.Small
	}
	r.Header("Cache-Control", "private, max-age=600")
	r.Header("Content-Disposition", "inline")
	r.Data(http.StatusOK, "image/jpeg", data)
	return nil
}

// photosOf are the photos of a visit that its customer may see, nil for no visit.
func (s *Site) photosOf(ctx context.Context, v presage.OfferView) ([]presage.JobPhoto, error) {
	visit := v.Visited
	if visit == nil {
		visit = v.Booking
	}
	if visit == nil {
		return nil, nil
	}
	all, err := s.Photos.JobPhotos(ctx, visit.ID)
	var shown []presage.JobPhoto
	for _, p := range all {
		if p.ForCustomer {
			shown = append(shown, p)
		}
	}
	return shown, err
}

// offerPhoto serves a photo to the customer of its visit.
func offerPhoto(r *request) error {
	ctx := r.Request.Context()
	view, err := r.site.Offers.OfferAt(ctx, r.Param("token"), "")
	if err != nil {
		return err
	}
	shown, err := r.site.photosOf(ctx, view)
	if err != nil {
		return err
	}
	for _, p := range shown {
		if p.ID != r.Param("photo") {
			continue
		}
		f, err := r.site.Photos.PhotoFile(ctx, p.BookingID, p.ID)
		if err != nil {
			return err
		}
		return r.serve(f)
	}
	return presage.ErrNotFound
}
