package visit

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"presage"
	"presage/outreach/casework"
)

// PhotoStore keeps photos of visits. ErrNotFound for an unknown booking or photo.
type PhotoStore interface {
	// PutPhoto leaves a known one as it is. ErrConflict for a cancelled visit, a
	// presage.PhotoError for one too many.
	PutPhoto(ctx context.Context, f presage.PhotoFile) error
	// JobPhotos lists those of a visit, the first one first.
	JobPhotos(ctx context.Context, bookingID string) ([]presage.JobPhoto, error)
	PhotoFile(ctx context.Context, bookingID, id string) (presage.PhotoFile, error)
	ShowPhoto(ctx context.Context, bookingID, id string, forCustomer bool) error
	// RemovePhoto notes ev in the history of the case, unless it is nil.
	RemovePhoto(ctx context.Context, bookingID, id string, ev *presage.CaseEvent) error
}

// AddPhoto keeps a picture that was taken at a visit. The same picture again is no other
// photo. ErrNotFound for an unknown visit, ErrConflict for a cancelled one, and a
// presage.PhotoError for what is no picture, too large or one too many.
func (b *Bench) AddPhoto(ctx context.Context, p presage.NewPhoto) (presage.JobPhoto, error) {
	if err := presage.CheckPlain(p.Who, mostWho); err != nil {
		return presage.JobPhoto{}, fmt.Errorf("who: %w", err)
	}
	if _, err := b.Store.Booking(ctx, p.BookingID); err != nil {
		return presage.JobPhoto{}, fmt.Errorf("photo: %w", err)
	}
	f, err := b.Photos.Make(ctx, p.Data)
	if err != nil {
		return presage.JobPhoto{}, fmt.Errorf("photo of booking %s: %w", p.BookingID, err)
	}
	sum := sha256.Sum256(f.Body)
	f.ID, f.BookingID = casework.ID("p", p.BookingID, hex.EncodeToString(sum[:])), p.BookingID
	f.AddedAt, f.AddedBy, f.ForCustomer = b.Now(), p.Who, p.ForCustomer
	if err := b.Repairs.PutPhoto(ctx, f); err != nil {
		return presage.JobPhoto{}, err
	}
	kept, err := b.Repairs.PhotoFile(ctx, f.BookingID, f.ID)
	return kept.JobPhoto, err
}

// JobPhotos lists the photos of a visit, the first one first; none of an unknown one.
func (b *Bench) JobPhotos(ctx context.Context, bookingID string) ([]presage.JobPhoto, error) {
	return b.Repairs.JobPhotos(ctx, bookingID)
}

// PhotoFile returns a photo of a visit with its bytes, or ErrNotFound.
func (b *Bench) PhotoFile(ctx context.Context, bookingID, id string) (presage.PhotoFile, error) {
	return b.Repairs.PhotoFile(ctx, bookingID, id)
}

// ShowPhoto says whether the customer's page shows a photo. ErrNotFound.
func (b *Bench) ShowPhoto(ctx context.Context, bookingID, id string, forCustomer bool) error {
	return b.Repairs.ShowPhoto(ctx, bookingID, id, forCustomer)
}

// RemovePhoto deletes a photo: anybody at the job within presage.UndoWithin, later a
// manager, and then the history of the case says who did. ErrNotFound, ErrForbidden.
func (b *Bench) RemovePhoto(ctx context.Context, x presage.PhotoRemoval) error {
	if err := presage.CheckPlain(x.Who, mostWho); err != nil {
		return fmt.Errorf("who: %w", err)
	}
	f, err := b.Repairs.PhotoFile(ctx, x.BookingID, x.ID)
	if err != nil {
		return err
	}
	if !b.Now().After(f.Undoable()) {
		return b.Repairs.RemovePhoto(ctx, x.BookingID, x.ID, nil)
	}
	if !x.Manager {
		return fmt.Errorf("photo of booking %s: %w: it is older than %s: a manager can remove it",
			x.BookingID, presage.ErrForbidden, presage.UndoWithin)
	}
	booked, err := b.Store.Booking(ctx, x.BookingID)
	if err != nil {
		return err
	}
	c, err := b.Store.Case(ctx, booked.CaseID)
	if err != nil {
		return err
	}
	return b.Repairs.RemovePhoto(ctx, x.BookingID, x.ID, &presage.CaseEvent{
		CaseID: c.ID, At: b.Now(), Who: presage.OwnerManager, From: c.State, To: c.State,
		Reason: presage.Because(presage.WhyPhotoRemoved, "owner", x.Who),
	})
}
