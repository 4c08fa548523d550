package apitest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"presage"
	"presage/internal/photo"
)

// AddPhoto implements rest.Photos.
func (w *World) AddPhoto(ctx context.Context, p presage.NewPhoto) (presage.JobPhoto, error) {
	if err := presage.CheckPlain(p.Who, 100); err != nil {
		return presage.JobPhoto{}, fmt.Errorf("who: %w", err)
	}
	b, err := w.Booking(ctx, p.BookingID)
	if err != nil {
		return presage.JobPhoto{}, err
	}
	if b.State == presage.BookingCancelled {
		return presage.JobPhoto{}, fmt.Errorf("photo: %w: cancelled", presage.ErrConflict)
	}
	f, err := photo.NewMaker().Make(ctx, p.Data)
	if err != nil {
		return presage.JobPhoto{}, err
	}
	sum := sha256.Sum256(f.Body)
	f.ID, f.BookingID, f.AddedBy, f.ForCustomer = "p"+hex.EncodeToString(sum[:8]), p.BookingID, p.Who, p.ForCustomer
	w.mu.Lock()
	defer w.mu.Unlock()
	f.AddedAt = w.now
	kept := w.bench.photos[p.BookingID]
	if i := slices.IndexFunc(kept, func(x presage.PhotoFile) bool { return x.ID == f.ID }); i >= 0 {
		return kept[i].JobPhoto, nil
	}
	if len(kept) >= presage.MostPhotos {
		return presage.JobPhoto{}, presage.PhotoError{Why: presage.Because(presage.WhyPhotoMany, "most", "12")}
	}
	w.bench.photos[p.BookingID] = append(kept, f)
	return f.JobPhoto, nil
}

// JobPhotos implements rest.Photos.
func (w *World) JobPhotos(_ context.Context, bookingID string) ([]presage.JobPhoto, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var all []presage.JobPhoto
	for _, f := range w.bench.photos[bookingID] {
		all = append(all, f.JobPhoto)
	}
	return all, w.Err
}

// photo is where a photo lies; the caller holds the lock.
func (w *World) photo(bookingID, id string) (*presage.PhotoFile, error) {
	kept := w.bench.photos[bookingID]
	i := slices.IndexFunc(kept, func(x presage.PhotoFile) bool { return x.ID == id })
	if i < 0 {
		return nil, fmt.Errorf("photo: %w", presage.ErrNotFound)
	}
	return &kept[i], nil
}

// PhotoFile implements rest.Photos.
func (w *World) PhotoFile(_ context.Context, bookingID, id string) (presage.PhotoFile, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	f, err := w.photo(bookingID, id)
	if err != nil {
		return presage.PhotoFile{}, err
	}
	return *f, nil
}

// ShowPhoto implements rest.Photos.
func (w *World) ShowPhoto(_ context.Context, bookingID, id string, forCustomer bool) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	f, err := w.photo(bookingID, id)
	if err == nil {
		f.ForCustomer = forCustomer
	}
	return err
}

// RemovePhoto implements rest.Photos.
func (w *World) RemovePhoto(_ context.Context, x presage.PhotoRemoval) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	f, err := w.photo(x.BookingID, x.ID)
	if err != nil {
		return err
	}
	if w.now.After(f.Undoable()) && !x.Manager {
		return fmt.Errorf("photo: %w: too late", presage.ErrForbidden)
	}
	w.bench.photos[x.BookingID] = slices.DeleteFunc(w.bench.photos[x.BookingID], func(f presage.PhotoFile) bool { return f.ID == x.ID })
	return nil
}

// AgePhotos makes the photos of a visit older.
func (w *World) AgePhotos(bookingID string, by time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for i := range w.bench.photos[bookingID] {
		f := &w.bench.photos[bookingID][i]
		f.AddedAt = f.AddedAt.Add(-by)
	}
}
