package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"

	"presage"
)

const photoColumns = `id, booking_id, added_at, added_by, width, height, bytes, for_customer`

func scanPhoto(r row) (p presage.JobPhoto, err error) {
	return p, r.Scan(photoFields(&p)...)
}

func photoFields(p *presage.JobPhoto) []any {
	return []any{
		&p.ID, &p.BookingID, instant{&p.AddedAt}, &p.AddedBy, &p.Width, &p.Height, &p.Bytes, &p.ForCustomer,
	}
}

// PutPhoto keeps a photo of a visit; one that is known stays as it is. ErrConflict for a
// visit that was cancelled, a presage.PhotoError once it has presage.MostPhotos.
func (s *Store) PutPhoto(ctx context.Context, f presage.PhotoFile) error {
	return s.inTx(ctx, "photo of booking "+f.BookingID, func(tx *sql.Tx) error {
		b, err := lockBooking(ctx, tx, f.BookingID)
		if err != nil {
			return err
		}
		if b.State == presage.BookingCancelled {
			return fmt.Errorf("%w: the visit was cancelled", presage.ErrConflict)
		}
		had, err := all(ctx, tx, scanString,
			`SELECT id FROM job_photos WHERE booking_id = $1 AND id <> $2`, f.BookingID, f.ID)
		if err != nil {
			return err
		}
		if len(had) >= presage.MostPhotos {
			return presage.PhotoError{Why: presage.Because(presage.WhyPhotoMany, "most", strconv.Itoa(presage.MostPhotos))}
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO job_photos (`+photoColumns+`, small, body)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (booking_id, id) DO NOTHING`,
			f.ID, f.BookingID, micros(f.AddedAt), clean(f.AddedBy), f.Width, f.Height, f.Bytes, flag(f.ForCustomer),
			f.Small, f.Body)
		return err
	})
}

// JobPhotos lists the photos of a visit, the first one first.
func (s *Store) JobPhotos(ctx context.Context, bookingID string) ([]presage.JobPhoto, error) {
	ps, err := all(ctx, s.r, scanPhoto,
		`SELECT `+photoColumns+` FROM job_photos WHERE booking_id = $1 ORDER BY added_at, id`, bookingID)
	return ps, wrap(err, "photos of booking "+bookingID)
}

// PhotoFile returns a photo with its bytes, or ErrNotFound.
func (s *Store) PhotoFile(ctx context.Context, bookingID, id string) (presage.PhotoFile, error) {
	f, err := one(ctx, s.r, scanPhotoFile,
		`SELECT `+photoColumns+`, small, body FROM job_photos WHERE booking_id = $1 AND id = $2`, bookingID, id)
	return f, wrap(err, "photo of booking "+bookingID)
}

func scanPhotoFile(r row) (f presage.PhotoFile, err error) {
	return f, r.Scan(append(photoFields(&f.JobPhoto), &f.Small, &f.Body)...)
}

// ShowPhoto says whether the customer's page shows a photo; ErrNotFound.
func (s *Store) ShowPhoto(ctx context.Context, bookingID, id string, forCustomer bool) error {
	return s.inTx(ctx, "photo of booking "+bookingID, func(tx *sql.Tx) error {
		return changed(tx.ExecContext(ctx, `UPDATE job_photos SET for_customer = $3 WHERE booking_id = $1 AND id = $2`,
			bookingID, id, flag(forCustomer)))
	})
}

// RemovePhoto deletes a photo and notes in the history of its case who did, where that is
// to be known; ErrNotFound.
func (s *Store) RemovePhoto(ctx context.Context, bookingID, id string, ev *presage.CaseEvent) error {
	return s.inTx(ctx, "photo of booking "+bookingID, func(tx *sql.Tx) error {
		err := changed(tx.ExecContext(ctx, `DELETE FROM job_photos WHERE booking_id = $1 AND id = $2`, bookingID, id))
		if err != nil || ev == nil {
			return err
		}
		return putCaseEvent(ctx, tx, *ev)
	})
}
