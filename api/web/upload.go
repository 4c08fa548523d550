package web

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"path"
	"strings"
	"time"

	"presage"
)

// Bounds of a form with pictures: in all, of its fields, and their number.
const (
	maxUpload = 96 << 20
	maxParts  = 500
)

// uploadWithin is how long pictures may take to come over a slow line.
const uploadWithin = 5 * time.Minute

// formBound is how long the form of a request may be.
func formBound(r *http.Request, route string) int64 {
	if route == policyPath {
		return maxPolicyForm
	}
	if route == recordsPath {
		return maxSent
	}
	if inParts(r) && strings.HasPrefix(route, "/job/:booking/") {
		return maxUpload
	}
	return maxForm
}

// inParts tells that a form can hold files.
func inParts(r *http.Request) bool {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return err == nil && kind == "multipart/form-data"
}

// photoFault is a picture that is not kept, by the name of its file.
type photoFault struct {
	Name string
	Why  presage.Reason
}

// receive keeps the pictures of a form as they come, one in memory at a time, and puts
// its fields where they are read. What is wrong with a picture keeps no other away. A
// form without pictures is fine.
func (r *request) receive(bookingID string) (added int, faults []photoFault, err error) {
	if !inParts(r.Request) {
		return 0, nil, nil
	}
	parts, err := r.Request.MultipartReader()
	if err != nil {
		return 0, nil, fmt.Errorf("%w form: %w", presage.ErrInvalid, err)
	}
	r.patient()
	if err := r.Request.ParseForm(); err != nil { // makes the map; a multipart form is not read by it
		return 0, nil, fmt.Errorf("%w form: %w", presage.ErrInvalid, err)
	}
	left := int64(maxForm)
	for range maxParts {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return added, faults, nil
		}
		if err != nil {
			return added, faults, fmt.Errorf("%w form: it broke off, or is too long: send fewer pictures at a time",
				presage.ErrInvalid)
		}
		if part.FileName() == "" {
			if left, err = r.field(part, left); err != nil {
				return added, faults, err
			}
			continue
		}
		fault, err := r.picture(bookingID, part)
		switch {
		case err != nil:
			return added, faults, err
		case fault != nil:
			faults = append(faults, *fault)
		default:
			added++
		}
	}
	return added, faults, fmt.Errorf("%w form: more than %d fields", presage.ErrInvalid, maxParts)
}

// patient gives a form with pictures more time than others have. Where deadlines cannot
// be set, those of the server stand.
func (r *request) patient() {
	until := time.Now().Add(uploadWithin) //nolint:forbidigo // of the connection, not of the demo's clock
	c := http.NewResponseController(r.Writer)
	_, _ = c.SetReadDeadline(until), c.SetWriteDeadline(until)
}

// field puts a field of the form beside the others, and tells how many bytes of fields
// are left. The name of who is logged in stands before it.
func (r *request) field(part *multipart.Part, left int64) (int64, error) {
	text, err := io.ReadAll(io.LimitReader(part, left+1))
	if left -= int64(len(text)); err != nil || left < 0 {
		return left, fmt.Errorf("%w form: more than %d bytes of text, or it broke off", presage.ErrInvalid, maxForm)
	}
	r.Request.PostForm.Add(part.FormName(), string(text))
	return left, nil
}

// picture keeps one; the fault is what is wrong with it.
func (r *request) picture(bookingID string, part *multipart.Part) (*photoFault, error) {
	data, err := io.ReadAll(io.LimitReader(part, presage.MostPhotoBytes+1))
	if err != nil {
		return nil, fmt.Errorf("%w form: it broke off, or is too long: send fewer pictures at a time", presage.ErrInvalid)
	}
	form := r.Request.PostForm
	_, err = r.site.Photos.AddPhoto(r.Request.Context(), presage.NewPhoto{
		BookingID: bookingID, Data: data, Who: oneLine(form.Get("who")), ForCustomer: form.Get("for_customer") != "",
	})
	if fault, ok := errors.AsType[presage.PhotoError](err); ok {
		return &photoFault{fileName(part.FileName()), fault.Why}, nil
	}
	return nil, err
}

// fileName is a file's own name as it can be shown.
func fileName(name string) string {
	name = path.Base(strings.ReplaceAll(oneLine(name), `\`, "/"))
	if presage.CheckPlain(name, 60) != nil {
		return "…"
	}
	return name
}
