package presage

import "time"

// JobPhoto is a picture that a technician took at a visit, as it is kept: made anew, so
// that nothing is left of what the camera wrote beside it (place, time, device).
type JobPhoto struct {
	ID          string    `json:"id"` // follows from the booking and the picture: the same one again is no other
	BookingID   string    `json:"booking_id"`
	AddedAt     time.Time `json:"added_at"`
	AddedBy     string    `json:"added_by,omitempty"`
	Width       int       `json:"width"`  // pixels
	Height      int       `json:"height"` // pixels
	Bytes       int       `json:"bytes"`
	ForCustomer bool      `json:"for_customer"` // the customer's page shows it
}

// Undoable is until when whoever works at the job can take it away; a manager can later.
func (p JobPhoto) Undoable() time.Time { return p.AddedAt.Add(UndoWithin) }

// PhotoFile is a photo with its bytes: JPEG, as large as it is kept and small for a page.
type PhotoFile struct {
	JobPhoto

	Body, Small []byte
}

// NewPhoto is a picture as it was sent: JPEG, PNG or WebP.
type NewPhoto struct {
	BookingID   string
	Data        []byte
	Who         string
	ForCustomer bool
}

// PhotoRemoval takes a photo away.
type PhotoRemoval struct {
	BookingID, ID string
	Who           string
	Manager       bool // may do it at any time
}

// What photos may be.
const (
	MostPhotos      = 12         // of a visit
	MostPhotoBytes  = 12 << 20   // of a picture as it is sent
	MostPixels      = 50_000_000 // of a JPEG as cameras write it
	MostHeavyPixels = 25_000_000 // of what takes more memory to read: PNG, WebP, progressive JPEG
)

// PhotoError says why a photo is not kept, an ErrInvalid.
type PhotoError struct{ Why Reason }

// Error names the code of the reason.
func (e PhotoError) Error() string { return ErrInvalid.Error() + " photo: " + e.Why.String() }

// Is tells that it is an ErrInvalid.
func (PhotoError) Is(kind error) bool { return kind == ErrInvalid }
