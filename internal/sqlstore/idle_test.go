package sqlstore_test

import (
	"database/sql"
	"fmt"
	"testing"
	"time"

	"presage"
	"presage/internal/sqlstore"
	"presage/internal/sqlstore/sqltest"
)

// Who looks for messages and finds none does not wait for another process that
// writes, here for one that never ends.
func TestClaimOfNothingWritesNothing(t *testing.T) {
	t.Parallel()
	path := sqltest.NewFile(t)
	s := sqltest.OpenURL(t, path)
	waiting(t, s, 3)
	other, err := sql.Open("sqlite", path+"?_txlock=immediate")
	must(t, err)
	tx, err := other.BeginTx(t.Context(), nil)
	must(t, err)
	for _, over := range []presage.ChannelName{"", presage.ChannelSMS, presage.ChannelPush} {
		ms, err := s.ClaimMessages(t.Context(), over, noon().Add(-time.Hour), 10)
		must(t, err)
		if len(ms) != 0 {
			t.Errorf("%d messages over %q an hour before their time", len(ms), over)
		}
	}
	must(t, tx.Rollback())
	must(t, other.Close())
	ms, err := s.ClaimMessages(t.Context(), presage.ChannelSMS, noon(), 10)
	must(t, err)
	if len(ms) != 3 {
		t.Errorf("%d messages at their time, want 3", len(ms))
	}
}

// What a pass of sending costs the database while nothing is due: a look for
// each channel, with a thousand messages that wait for tomorrow.
func BenchmarkClaimNothing(b *testing.B) {
	s := sqltest.Open(b)
	waiting(b, s, 1000)
	b.ReportAllocs()
	for b.Loop() {
		_, err := s.ClaimMessages(b.Context(), presage.ChannelSMS, noon().Add(-time.Hour), 100)
		must(b, err)
	}
}

// waiting plans n texts to n customers in an hour.
func waiting(tb testing.TB, s *sqlstore.Store, n int) {
	tb.Helper()
	ms := make([]presage.Message, n)
	for i := range ms {
		id := fmt.Sprint("waiting-", i)
		ms[i] = presage.Message{
			ID: id, Key: id, CustomerID: fmt.Sprint("customer-", i), Channel: presage.ChannelSMS,
			State: presage.MessagePlanned, NotBefore: noon(), CreatedAt: noon().Add(-time.Hour),
		}
	}
	must(tb, s.PutMessages(tb.Context(), ms))
}
