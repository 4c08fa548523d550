package rest

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"presage"
	"presage/api/access"
	"presage/internal/wording"
)

// Photos are what technicians photographed at visits. ErrNotFound for an unknown visit or photo.
type Photos interface {
	// AddPhoto: ErrConflict for a cancelled visit, presage.PhotoError for what is no picture,
	// too large or one too many.
	AddPhoto(ctx context.Context, p presage.NewPhoto) (presage.JobPhoto, error)
	// JobPhotos lists the first one first; none of an unknown visit.
	JobPhotos(ctx context.Context, bookingID string) ([]presage.JobPhoto, error)
	PhotoFile(ctx context.Context, bookingID, id string) (presage.PhotoFile, error)
	ShowPhoto(ctx context.Context, bookingID, id string, forCustomer bool) error
	// RemovePhoto: ErrForbidden for one that only a manager may remove by now.
	RemovePhoto(ctx context.Context, x presage.PhotoRemoval) error
}

const typeJPEG = "image/jpeg"

func (h *handlers) photoRoutes(a huma.API) {
	const tag, path = "Bookings", "/v1/bookings/{id}/photos"
	list := get("list-photos", path, tag, "Photos of a job, the first one first")
	list.Responses = example[page[presage.JobPhoto]](a, page[presage.JobPhoto]{Items: []presage.JobPhoto{examplePhoto()}})
	route(a, h.Logger, list, h.photos)

	picture := &huma.Schema{Type: huma.TypeString, Format: "binary"}
	add := post("add-photo", path, tag, "Add a photo to a job")
	add.Description = "The body is the picture: JPEG up to 50 million pixels, PNG, WebP and progressive JPEG up to 25, " +
		"12 MB at most, 12 a visit. It is kept as a JPEG whose longer side has 1,600 pixels at most, upright, and without " +
		"what the camera wrote beside it (where, when, which device). The same picture again is no other photo."
	add.DefaultStatus, add.MaxBodyBytes, add.SkipValidateBody = http.StatusCreated, presage.MostPhotoBytes, true
	add.BodyReadTimeout = time.Minute
	add.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
		typeJPEG: {Schema: picture}, "image/png": {Schema: picture}, "image/webp": {Schema: picture},
	}}
	add.Responses = created(a, examplePhoto())
	route(a, h.Logger, add, h.addPhoto)

	one := get("get-photo", path+"/{photo}", tag, "A photo of a job")
	one.Responses = map[string]*huma.Response{"200": {
		Description: http.StatusText(http.StatusOK), Content: map[string]*huma.MediaType{typeJPEG: {Schema: picture}},
	}}
	route(a, h.Logger, one, h.photo)

	show := huma.Operation{
		OperationID: "show-photo", Method: http.MethodPut, Path: path + "/{photo}", Tags: []string{tag},
		Summary: "Say whether the customer's page shows a photo",
	}
	route(a, h.Logger, show, h.showPhoto)
	remove := huma.Operation{
		OperationID: "remove-photo", Method: http.MethodDelete, Path: path + "/{photo}", Tags: []string{tag},
		Summary:       "Remove a photo: within ten minutes whoever works at the job, later a manager",
		DefaultStatus: http.StatusNoContent,
	}
	route(a, h.Logger, remove, h.removePhoto)
}

func examplePhoto() presage.JobPhoto {
	return presage.JobPhoto{
		ID: "p3k5zq7xw2ns4a6t", BookingID: "b7mdi2v6q4xkfw3a", AddedAt: time.Date(2026, 11, 30, 9, 40, 0, 0, time.UTC),
		AddedBy: "Li Na", Width: 1600, Height: 1200, Bytes: 312_480, ForCustomer: true,
	}
}

func (h *handlers) photos(ctx context.Context, in *idPath) (*body[page[presage.JobPhoto]], error) {
	if _, err := h.Bookings.Booking(ctx, in.ID); err != nil {
		return nil, err
	}
	rows, err := h.Photos.JobPhotos(ctx, in.ID)
	return &body[page[presage.JobPhoto]]{Body: page[presage.JobPhoto]{Items: nonNil(rows)}}, err
}

type addPhotoInput struct {
	ID          string `path:"id" maxLength:"64"`
	Who         string `query:"who" maxLength:"100" doc:"The technician; with a person's own key it is that person" example:"Li Na"` //nolint:lll // a tag cannot be broken
	ForCustomer bool   `query:"for_customer" doc:"The customer's page shows it"`
	RawBody     []byte `contentType:"image/jpeg"`
}

func (h *handlers) addPhoto(ctx context.Context, in *addPhotoInput) (*body[presage.JobPhoto], error) {
	p, err := h.Photos.AddPhoto(ctx, presage.NewPhoto{
		BookingID: in.ID, Data: bytes.Clone(in.RawBody), Who: signed(ctx, in.Who), ForCustomer: in.ForCustomer,
	})
	if fault, ok := errors.AsType[presage.PhotoError](err); ok {
		text := h.texts.Why(presage.English, fault.Why, wording.Names{Catalogue: h.Catalogue, Zone: time.UTC})
		return nil, huma.NewError(http.StatusUnprocessableEntity, "the photo is not kept",
			&huma.ErrorDetail{Location: "body", Message: text})
	}
	return &body[presage.JobPhoto]{Body: p}, err
}

// PhotoPath is a photo of a job, in a path.
type PhotoPath struct {
	ID    string `path:"id" maxLength:"64"`
	Photo string `path:"photo" maxLength:"64"`
}

type onePhotoInput struct {
	PhotoPath

	Size string `query:"size" enum:"full,small" default:"full" doc:"The longer side has at most 1,600 or 320 pixels"`
}

func (h *handlers) photo(ctx context.Context, in *onePhotoInput) (*written, error) {
	f, err := h.Photos.PhotoFile(ctx, in.ID, in.Photo)
	if err != nil {
		return nil, err
	}
	data := f.Body
	if in.Size == "small" {
		data = f.Small
	}
	return &written{Type: typeJPEG, Body: func(c huma.Context) {
		c.SetHeader("Cache-Control", "private, max-age=600")
		if _, err := c.BodyWriter().Write(data); err != nil {
			h.Logger.DebugContext(ctx, "a photo broke off", "error", err)
		}
	}}, nil
}

type showPhotoInput struct {
	PhotoPath

	Body struct {
		ForCustomer bool `json:"for_customer"`
	} `example:"{\"for_customer\":true}"`
}

func (h *handlers) showPhoto(ctx context.Context, in *showPhotoInput) (*body[presage.JobPhoto], error) {
	if err := h.Photos.ShowPhoto(ctx, in.ID, in.Photo, in.Body.ForCustomer); err != nil {
		return nil, err
	}
	f, err := h.Photos.PhotoFile(ctx, in.ID, in.Photo)
	return &body[presage.JobPhoto]{Body: f.JobPhoto}, err
}

type removePhotoInput struct {
	PhotoPath

	Who string `query:"who" maxLength:"100" doc:"With a person's own key it is that person" example:"Li Na"`
}

func (h *handlers) removePhoto(ctx context.Context, in *removePhotoInput) (*struct{}, error) {
	return nil, h.Photos.RemovePhoto(ctx, presage.PhotoRemoval{
		BookingID: in.ID, ID: in.Photo, Who: signed(ctx, in.Who), Manager: access.Manages(ctx),
	})
}
