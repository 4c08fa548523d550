//go:build integration

package main

import (
	"context"
	"net/http"
	"os"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"presage"
	"presage/internal/dealertest"
	"presage/internal/procs"
	"presage/outreach/webhook"
)

const dealerSecret presage.Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

// Two processes on one PostgreSQL sell, move and cancel visits, tell a dealer's system of
// each, and are killed at random; so is the dealer's system, which loses answers too. No
// change is lost, none is applied twice, and those of a case come in their order.
func TestDealersSystemOverKills(t *testing.T) {
	t.Parallel()
	if _, err := procs.FindPostgres(); err != nil {
		if os.Getenv("PRESAGE_INTEGRATION") != "" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	o := options{
		Program: built(t), Seed: uint64(time.Now().UnixNano()), Customers: 12,
		Storm: 10 * time.Second, KillEvery: 3 * time.Second,
	}
	t.Logf("random seed %d", o.Seed)
	r, err := startRig(t.Context(), onPostgres, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.close)
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Minute)
	defer cancel()
	d := dealertest.New(func(h http.Header, body []byte) bool {
		return webhook.Verify(h, []presage.Secret{dealerSecret}, time.Now(), body)
	})
	must(t, d.Start(ctx))
	t.Cleanup(func() { _ = d.Kill() })
	_, err = r.store.PutSubscription(ctx, presage.Subscription{
		ID: "dms-1", URL: presage.Secret(d.URL()), System: "dms-1", Secrets: []presage.Secret{dealerSecret}, Active: true,
	})
	must(t, err)
	var out result
	g, living := errgroup.WithContext(ctx)
	// Not as long as the storm, which a slow machine makes long: each try that fails
	// doubles the wait for the next one.
	over, end := context.WithTimeout(ctx, o.Storm)
	defer end()
	g.Go(func() error { return r.storm(living, &out) })
	g.Go(func() error { return unsteady(living, over, d, r) })
	if err := g.Wait(); err != nil {
		t.Fatalf("%v\n%s", err, r.outputs())
	}
	all := drained(ctx, t, r)
	agrees(ctx, t, r, d, all)
	t.Logf("%d kills of the service, %d visits booked, %d moved, %d cancelled, %d changes",
		out.Storm.Kills, out.Storm.Booked, out.Storm.Moved, out.Storm.Cancelled, len(all))
	if out.Storm.Kills < fewestKills || len(all) < fewestActs {
		t.Errorf("%d kills and %d changes try nothing", out.Storm.Kills, len(all))
	}
}

// unsteady kills the dealer's system and starts it again, and lets answers be lost.
func unsteady(ctx, over context.Context, d *dealertest.Dealer, r *rig) error {
	dice := r.dice()
	for pause(over, between(dice, time.Second, 4*time.Second)) == nil {
		if err := d.Kill(); err != nil {
			return err
		}
		if err := pause(ctx, between(dice, 100*time.Millisecond, 500*time.Millisecond)); err != nil {
			return err
		}
		d.LoseAnswers(2)
		if err := d.Start(ctx); err != nil {
			return err
		}
	}
	d.LoseAnswers(0)
	return ctx.Err()
}

// drained waits until every change has been taken.
func drained(ctx context.Context, t *testing.T, r *rig) []presage.Delivery {
	t.Helper()
	for {
		all, err := r.store.Deliveries(ctx, presage.DeliveryFilter{})
		must(t, err)
		waits := ""
		for _, x := range all {
			if x.State != presage.DeliveryDelivered {
				waits = x.ID + " is " + string(x.State) + ": " + x.Fault
			}
		}
		if waits == "" {
			return all
		}
		if err := pause(ctx, 200*time.Millisecond); err != nil {
			t.Fatalf("not all is taken in time: %s\n%s", waits, r.outputs())
		}
	}
}

// agrees compares what the dealer's system took with what there is.
func agrees(ctx context.Context, t *testing.T, r *rig, d *dealertest.Dealer, all []presage.Delivery) {
	t.Helper()
	events, repeated, faults := d.Counts()
	if events != len(all) || len(faults) > 0 {
		t.Errorf("%d applied of %d changes; faults: %v", events, len(all), faults)
	}
	bookings, err := r.store.Bookings(ctx, presage.BookingFilter{State: presage.BookingConfirmed})
	must(t, err)
	if len(bookings) == 0 {
		t.Error("no visit stands at the end")
	}
	for _, b := range bookings {
		v, knows := d.Knows(b.CaseID)
		if !knows || v.BookingID != b.ID || v.State != b.State || !v.Start.Equal(b.Start) {
			t.Errorf("%s: the dealer knows %+v, we have %s %s at %s", b.CaseID, v, b.ID, b.State, b.Start)
		}
	}
	t.Logf("%d changes applied once, %d came again", events, repeated)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
