//nolint:thelper // scenarios are tests, not helpers
package sqlstore_test

import (
	"errors"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"presage"
	"presage/internal/sqlstore"
)

func policyRace(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	_, err := s.PolicyAfter(ctx, 0)
	wantKind(t, err, presage.ErrNotFound)
	_, err = s.Policy(ctx, 1)
	wantKind(t, err, presage.ErrNotFound)
	put := func(version int64) (presage.Policy, error) {
		return s.PutPolicy(ctx, presage.Policy{
			Version: version, Document: []byte(`{"format":1}`), PutAt: noon(), By: "mia", Note: "winter",
		})
	}
	const authors = 8
	outcomes := make([]error, authors)
	var group errgroup.Group
	for i := range authors {
		group.Go(func() error { _, outcomes[i] = put(0); return nil })
	}
	must(t, group.Wait())
	won := 0
	for _, err := range outcomes {
		if err == nil {
			won++
		} else if !errors.Is(err, presage.ErrConflict) {
			t.Errorf("a lost race says %v, want a conflict", err)
		}
	}
	if won != 1 {
		t.Errorf("%d of %d put version 1, want one", won, authors)
	}
	second, err := put(1)
	must(t, err)
	want := presage.Policy{
		Version: 2, Document: []byte(`{"format":1}`), PutAt: noon().In(time.UTC), By: "mia", Note: "winter",
	}
	same(t, "second", second, want)
	newest, err := s.PolicyAfter(ctx, 1)
	must(t, err)
	same(t, "newest", newest, want)
	_, err = s.PolicyAfter(ctx, 2)
	wantKind(t, err, presage.ErrNotFound)
	older, err := s.Policies(ctx, 2, 10)
	must(t, err)
	if len(older) != 1 || older[0].Version != 1 {
		t.Errorf("below version 2: %v, want version 1", older)
	}
}
