package sqlstore_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"presage"
	"presage/internal/sqlstore"
)

func photoOf(b presage.Booking, id string) presage.PhotoFile {
	return presage.PhotoFile{JobPhoto: presage.JobPhoto{
		ID: id, BookingID: b.ID, AddedAt: noon(), AddedBy: "Li Na", Width: 4, Height: 3, Bytes: 5,
	}, Body: []byte("\xFF\xD8\x00\xFE\x01"), Small: []byte("\x00\xFF")}
}

func photos(t *testing.T, s *sqlstore.Store) {
	t.Helper()
	ctx := t.Context()
	b := booked(t, s, 1)
	one, two := photoOf(b, "p1"), photoOf(b, "p2")
	must(t, s.PutPhoto(ctx, one))
	again := one
	again.AddedBy = "somebody else"
	must(t, s.PutPhoto(ctx, again))
	must(t, s.PutPhoto(ctx, two))
	list, err := s.JobPhotos(ctx, b.ID)
	must(t, err)
	same(t, "photos", list, []presage.JobPhoto{one.JobPhoto, two.JobPhoto})
	got, err := s.PhotoFile(ctx, b.ID, "p1")
	must(t, err)
	same(t, "bytes", got, one)

	must(t, s.ShowPhoto(ctx, b.ID, "p2", true))
	got, err = s.PhotoFile(ctx, b.ID, "p2")
	must(t, err)
	same(t, "for the customer", got.ForCustomer, true)
	must(t, s.RemovePhoto(ctx, b.ID, "p1", nil))
	before, err := s.CaseEvents(ctx, "case-1")
	must(t, err)
	must(t, s.RemovePhoto(ctx, b.ID, "p2", &presage.CaseEvent{
		CaseID: "case-1", At: noon(), Who: presage.OwnerManager, From: presage.CaseBooked, To: presage.CaseBooked,
		Reason: presage.Because(presage.WhyPhotoRemoved, "owner", "Ann"),
	}))
	after, err := s.CaseEvents(ctx, "case-1")
	must(t, err)
	same(t, "told", len(after)-len(before), 1)
	same(t, "why", after[len(after)-1].Reason.Code, presage.WhyPhotoRemoved)

	_, err = s.PhotoFile(ctx, b.ID, "p2")
	wantKind(t, err, presage.ErrNotFound)
	wantKind(t, s.ShowPhoto(ctx, b.ID, "p2", true), presage.ErrNotFound)
	wantKind(t, s.RemovePhoto(ctx, b.ID, "p2", nil), presage.ErrNotFound)
	_, err = s.PhotoFile(ctx, "another", "p1")
	wantKind(t, err, presage.ErrNotFound)
	wantKind(t, s.PutPhoto(ctx, photoOf(presage.Booking{ID: "nobody's"}, "p3")), presage.ErrNotFound)
	must(t, s.MoveBooking(ctx, b.ID, presage.BookingConfirmed, presage.BookingCancelled, noon()))
	wantKind(t, s.PutPhoto(ctx, one), presage.ErrConflict)
}

// photosBounded: no more than there may be, whoever sends them at the same time.
func photosBounded(t *testing.T, s *sqlstore.Store) {
	t.Helper()
	b := booked(t, s, 1)
	const sent = presage.MostPhotos + 4
	errs := make([]error, sent)
	var all sync.WaitGroup
	for i := range sent {
		all.Go(func() { errs[i] = s.PutPhoto(t.Context(), photoOf(b, fmt.Sprintf("p%02d", i))) })
	}
	all.Wait()
	refused := 0
	for _, err := range errs {
		if fault, ok := errors.AsType[presage.PhotoError](err); ok && fault.Why.Code == presage.WhyPhotoMany {
			refused++
			continue
		}
		must(t, err)
	}
	same(t, "refused", refused, sent-presage.MostPhotos)
	list, err := s.JobPhotos(t.Context(), b.ID)
	must(t, err)
	same(t, "kept", len(list), presage.MostPhotos)
	must(t, s.PutPhoto(t.Context(), photoOf(b, list[0].ID))) // one that is there is none too many
}

// photosForgotten: a customer gets the photos of their visits, and they go with them.
func photosForgotten(t *testing.T, s *sqlstore.Store) {
	t.Helper()
	ctx := t.Context()
	must(t, s.PutCustomers(ctx, []presage.Customer{{ID: "c1"}, {ID: "c2"}}))
	mine := booked(t, s, 1)
	mustOpen(t, s, 2)
	theirs := reservation(2)
	theirs.Booking.CustomerID = "c2"
	other, err := s.Reserve(ctx, theirs)
	must(t, err)
	kept := photoOf(mine, "p1")
	must(t, s.PutPhoto(ctx, kept))
	must(t, s.PutPhoto(ctx, photoOf(other, "p2")))
	data, err := s.PersonalData(ctx, mine.CustomerID)
	must(t, err)
	same(t, "files", data.Files, []presage.PersonalFile{{Name: "photos/p1.jpg", Type: "image/jpeg", Data: kept.Body}})
	for _, b := range []presage.Booking{mine, other} {
		result := presage.WorkshopResult{BookingID: b.ID, VIN: b.VIN, At: b.End, OdometerKm: 81000, StoredAt: b.End}
		must(t, s.FinishBooking(ctx, result, nil, nil))
	}
	done, err := s.EraseCustomer(ctx, mine.CustomerID, "x", noon())
	must(t, err)
	for _, x := range done.Tables {
		if x.Name == "job_photos" && (x.Done != presage.ErasedDeleted || x.Rows != 1) {
			t.Errorf("told %+v", x)
		}
	}
	gone, err := s.JobPhotos(ctx, mine.ID)
	must(t, err)
	stays, err := s.JobPhotos(ctx, other.ID)
	must(t, err)
	same(t, "photos of the erased and of another", [2]int{len(gone), len(stays)}, [2]int{0, 1})
}
