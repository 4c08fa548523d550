package sqlstore_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"presage"
	"presage/internal/sqlstore"
)

func signalNames(t *testing.T, s *sqlstore.Store) {
	t.Helper()
	ctx := t.Context()
	put := func(ns ...presage.SignalName) {
		t.Helper()
		if err := s.PutSignalNames(ctx, ns); err != nil {
			t.Fatal(err)
		}
	}
	put(presage.SignalName{Name: "b", VIN: "V1", Day: 5}, presage.SignalName{Name: "a", VIN: "V2", Day: 7},
		presage.SignalName{Name: "c", Day: 1})
	put(presage.SignalName{Name: "b", VIN: "V2", Day: 9}, presage.SignalName{Name: "a", VIN: "V2", Day: 6})
	if err := s.DeleteSignalNames(ctx, []string{"c", "nowhere"}); err != nil {
		t.Fatal(err)
	}
	got, err := s.SignalNames(ctx)
	want := []presage.SignalName{{Name: "a", VIN: "V2", Day: 7}, {Name: "b", VIN: "V1", Day: 9}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if n, err := s.CountSelfRegistered(ctx); n != 0 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
}
