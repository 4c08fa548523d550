//nolint:thelper // scenarios are tests, not helpers
package sqlstore_test

import (
	"fmt"
	"testing"
	"time"

	"presage"
	"presage/internal/sqlstore"
)

// ordered is a command of vehicle i as it is put.
func ordered(i int, change ...func(*presage.Command)) presage.Command {
	c := presage.Command{VIN: vin(i), Payload: []byte(`{"flash": "lights"}`), CreatedAt: noon(), By: "li"}
	for _, f := range change {
		f(&c)
	}
	return c
}

func retain(c *presage.Command) { c.Retain = true }

func expiresIn(d time.Duration) func(*presage.Command) {
	return func(c *presage.Command) { c.ExpiresAt = c.CreatedAt.Add(d) }
}

func putAll(t *testing.T, s *sqlstore.Store, cs ...presage.Command) []presage.Command {
	t.Helper()
	out := make([]presage.Command, len(cs))
	for i, c := range cs {
		var err error
		out[i], err = s.PutCommand(t.Context(), c)
		must(t, err)
	}
	return out
}

func fleetOf(t *testing.T, s *sqlstore.Store, n int) {
	t.Helper()
	for i := range n {
		must(t, s.PutVehicles(t.Context(), []presage.Vehicle{{VIN: vin(i)}}))
	}
}

func ids(cs []presage.Command) []int64 {
	out := make([]int64, len(cs))
	for i, c := range cs {
		out[i] = c.ID
	}
	return out
}

func commandOrder(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	fleetOf(t, s, 2)
	_, err := s.PutCommand(ctx, ordered(7))
	wantKind(t, err, presage.ErrNotFound)
	_, err = s.PutCommand(ctx, ordered(0, func(c *presage.Command) { c.Payload = []byte("{") }))
	wantKind(t, err, presage.ErrInvalid)

	put := putAll(t, s, ordered(0), ordered(1), ordered(0, expiresIn(time.Hour)), ordered(0, retain))
	same(t, "numbers", ids(put), []int64{1, 2, 3, 4})
	pending := func(after int64, limit int, at time.Time) []presage.Command {
		t.Helper()
		cs, err := s.PendingCommands(ctx, vin(0), after, limit, at)
		must(t, err)
		return cs
	}
	same(t, "as they were put", pending(0, 0, noon()), []presage.Command{put[0], put[2], put[3]})
	same(t, "a page", ids(pending(1, 1, noon())), []int64{3})
	same(t, "at its expiry", ids(pending(0, 9, noon().Add(time.Hour))), []int64{1, 4})

	for _, at := range []time.Time{noon().Add(time.Minute), noon().Add(time.Hour)} { // the first time counts
		must(t, s.CommandDone(ctx, vin(0), 1, at))
	}
	must(t, s.CommandDone(ctx, vin(1), 3, noon())) // another vehicle's
	must(t, s.CommandDone(ctx, vin(0), 99, noon()))
	same(t, "after a PUBACK", ids(pending(0, 0, noon())), []int64{3, 4})
	listed := func(state presage.CommandState, before int64, limit int) []presage.Command {
		t.Helper()
		cs, err := s.Commands(ctx, presage.CommandFilter{
			VIN: vin(0), State: state, Now: noon().Add(time.Hour), Before: before, Limit: limit,
		})
		must(t, err)
		return cs
	}
	same(t, "listed", ids(listed("", 0, 0)), []int64{4, 3, 1})
	same(t, "a page of them", ids(listed("", 4, 1)), []int64{3})
	same(t, "open", ids(listed(presage.CommandOpen, 0, 0)), []int64{4})
	same(t, "expired", ids(listed(presage.CommandExpired, 0, 0)), []int64{3})
	done := put[0]
	done.DoneAt = noon().Add(time.Minute)
	same(t, "done", listed(presage.CommandDone, 0, 0), []presage.Command{done})
}

func newCommands(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	fleetOf(t, s, 3)
	noticed := func(after int64, vins []presage.VIN, last int64) {
		t.Helper()
		gotVINs, gotLast, err := s.NewCommands(ctx, after)
		must(t, err)
		same(t, "vehicles", gotVINs, vins)
		same(t, "last", gotLast, last)
	}
	noticed(0, nil, 0)
	putAll(t, s, ordered(1), ordered(0), ordered(1), ordered(2))
	must(t, s.CommandDone(ctx, vin(2), 4, noon()))
	noticed(0, []presage.VIN{vin(1), vin(0)}, 3)
	noticed(2, []presage.VIN{vin(1)}, 3)
	noticed(4, nil, 4)
}

func retainedCommand(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	fleetOf(t, s, 1)
	later := noon().Add(time.Hour)
	none := func() {
		t.Helper()
		_, err := s.RetainedCommand(ctx, vin(0), later)
		wantKind(t, err, presage.ErrNotFound)
	}
	is := func(id int64) {
		t.Helper()
		c, err := s.RetainedCommand(ctx, vin(0), later)
		must(t, err)
		same(t, "retained", c.ID, id)
	}
	none()
	putAll(t, s, ordered(0, retain), ordered(0))
	none() // open: it is still to come
	must(t, s.CommandDone(ctx, vin(0), 1, noon()))
	must(t, s.CommandDone(ctx, vin(0), 2, noon()))
	is(1)
	putAll(t, s, ordered(0, retain))
	none() // replaced by one that is still to come
	must(t, s.WithdrawCommand(ctx, vin(0), 3, later))
	is(1) // it never was
	putAll(t, s, ordered(0, retain, expiresIn(time.Minute)))
	none() // replaced by one that has expired since
	_, err := s.PurgeCommands(ctx, later, later)
	must(t, err)
	none() // and the old one does not come back
	n, err := s.PurgeCommands(ctx, later, later)
	must(t, err)
	same(t, "nothing else hangs on it", n, int64(1))

	putAll(t, s, ordered(0, retain))
	must(t, s.CommandDone(ctx, vin(0), 5, noon()))
	n, err = s.PurgeCommands(ctx, later, later)
	must(t, err)
	same(t, "in force", n, int64(0))
	is(5)
	must(t, s.WithdrawCommand(ctx, vin(0), 5, later.Add(-time.Second)))
	none()
	wantKind(t, s.WithdrawCommand(ctx, vin(0), 5, later), presage.ErrConflict)
}

func withdrawCommand(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	fleetOf(t, s, 2)
	putAll(t, s, ordered(0), ordered(0), ordered(0, expiresIn(time.Second)))
	must(t, s.CommandDone(ctx, vin(0), 2, noon()))
	must(t, s.WithdrawCommand(ctx, vin(0), 1, noon()))
	wantKind(t, s.WithdrawCommand(ctx, vin(0), 1, noon()), presage.ErrNotFound)
	wantKind(t, s.WithdrawCommand(ctx, vin(1), 3, noon()), presage.ErrNotFound)
	wantKind(t, s.WithdrawCommand(ctx, vin(0), 2, noon()), presage.ErrConflict)
	must(t, s.WithdrawCommand(ctx, vin(0), 3, noon().Add(time.Hour)))
}

// What one vehicle can make us keep: 256 open commands, 1,000 and those in all.
func commandBounds(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	fleetOf(t, s, 2)
	for range presage.MaxOpenCommands {
		putAll(t, s, ordered(0, expiresIn(time.Hour)))
	}
	_, err := s.PutCommand(ctx, ordered(0))
	wantKind(t, err, presage.ErrConflict)
	putAll(t, s, ordered(1))
	at := func(c *presage.Command) { c.CreatedAt = noon().Add(time.Hour) }
	for range 800 { // room again when those have expired
		c := putAll(t, s, ordered(0, at))[0]
		must(t, s.CommandDone(ctx, vin(0), c.ID, c.CreatedAt))
	}
	cs, err := s.Commands(ctx, presage.CommandFilter{VIN: vin(0)})
	must(t, err)
	same(t, "kept", len(cs), 1000)
	same(t, "the newest", cs[0].ID, int64(256+1+800))

	n, err := s.PurgeCommands(ctx, noon().Add(time.Hour), noon().Add(2*time.Hour))
	must(t, err)
	same(t, "not older", n, int64(0))
	n, err = s.PurgeCommands(ctx, noon().Add(time.Hour+1000), noon().Add(2*time.Hour))
	must(t, err)
	same(t, "done or expired", n, int64(1000))
}

func commandRace(t *testing.T, s *sqlstore.Store) {
	fleetOf(t, s, 1)
	const writers, each = 4, 70
	failed := make(chan int)
	for range writers {
		go func() {
			n := 0
			for range each {
				if _, err := s.PutCommand(t.Context(), ordered(0)); err != nil {
					n++
				}
			}
			failed <- n
		}()
	}
	refused := 0
	for range writers {
		refused += <-failed
	}
	cs, err := s.PendingCommands(t.Context(), vin(0), 0, 0, noon())
	must(t, err)
	same(t, "kept", len(cs), presage.MaxOpenCommands)
	same(t, "refused", refused, writers*each-presage.MaxOpenCommands)
}

func mqttSessions(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	fleetOf(t, s, 2)
	session := func(i int, id string, hours int) presage.MQTTSession {
		return presage.MQTTSession{VIN: vin(i), ClientID: id, QoS: 1, ExpiresAt: noon().Add(time.Duration(hours) * time.Hour)}
	}
	gone := func(i int, id string) {
		t.Helper()
		_, err := s.Session(ctx, vin(i), id)
		wantKind(t, err, presage.ErrNotFound)
	}
	wantKind(t, s.PutSession(ctx, session(7, "a", 1)), presage.ErrNotFound)
	wantKind(t, s.PutSession(ctx, session(0, "", 1)), presage.ErrInvalid)
	wantKind(t, s.PutSession(ctx, presage.MQTTSession{VIN: vin(0), ClientID: "a"}), presage.ErrInvalid)

	long := make([]byte, presage.MaxClientIDBytes)
	for i := range 20 { // the same IDs of another vehicle are other sessions; long ones and odd ones are as good
		long[len(long)-1] = byte(i)
		for _, m := range []presage.MQTTSession{session(0, fmt.Sprint("c", i), 20-i), session(1, string(long), 1+i)} {
			must(t, s.PutSession(ctx, m))
			got, err := s.Session(ctx, m.VIN, m.ClientID)
			must(t, err)
			same(t, "session", got, m)
		}
	}
	// Each that was put stayed, so that the one before it went when there were 17.
	gone(0, "c15")
	gone(0, "c18")
	gone(1, "c0")
	wanted := session(0, "c14", 30)
	wanted.QoS = 0
	must(t, s.PutSession(ctx, wanted)) // prolonged
	n, err := s.ExpireSessions(ctx, noon().Add(18*time.Hour))
	must(t, err)
	// Of vehicle 0 remain c0 (20 h), c1 (19 h) and c14; of vehicle 1 those of 19 and 20 h.
	same(t, "expired", n, int64(16-3+16-2))
	got, err := s.Session(ctx, vin(0), "c14")
	must(t, err)
	same(t, "prolonged", got, wanted)
	for range 2 {
		must(t, s.DeleteSession(ctx, session(0, "c0", 0)))
	}
	gone(0, "c0")
	_, err = s.Session(ctx, vin(0), "c1")
	must(t, err)
}

func leases(t *testing.T, s *sqlstore.Store) {
	hold := func(name, owner string, minute int, want bool) {
		t.Helper()
		now := noon().Add(time.Duration(minute) * time.Minute)
		got, err := s.HoldLease(t.Context(), name, owner, now, now.Add(2*time.Minute))
		must(t, err)
		same(t, fmt.Sprintf("%s holds %s at minute %d", owner, name, minute), got, want)
	}
	hold("x", "a", 0, true)
	hold("x", "b", 1, false)
	hold("y", "b", 1, true)
	hold("x", "a", 1, true) // prolonged, until 3
	hold("x", "b", 2, false)
	hold("x", "b", 3, true)
	hold("x", "a", 3, false)
}
