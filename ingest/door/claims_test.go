package door_test

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"sync/atomic"
	"testing"
	"time"

	"presage"
	"presage/ingest"
	"presage/ingest/door"
	"presage/internal/sqlstore"
	"presage/internal/sqlstore/sqltest"
)

// doorsOn opens two doors over one database and one telemetry store.
func doorsOn(t *testing.T, store *sqlstore.Store, m *memory, change func(*door.Config)) (a, b *door.Server) {
	t.Helper()
	err := store.PutFleet(t.Context(), presage.Fleet{Vehicles: []presage.Vehicle{{VIN: vinA}, {VIN: vinB}}})
	if err != nil {
		t.Fatal(err)
	}
	config := func(c *door.Config) {
		c.Commands, c.Sessions, c.Claims = store, store, store
		if change != nil {
			change(c)
		}
	}
	return startDoor(t, m, config), startDoor(t, m, config)
}

func boxOf(version byte, keep bool) hello {
	h := hello{vin: vinA, clientID: "box", version: version, keep: keep}
	if version == 5 && keep {
		h.expiry = 3600
	}
	return h
}

func TestVehicleMovesToAnotherDoor(t *testing.T) {
	t.Parallel()
	for _, version := range []byte{4, 5} {
		t.Run(fmt.Sprintf("level %d", version), func(t *testing.T) {
			t.Parallel()
			vehicleMoves(t, sqltest.Open(t), version)
		})
	}
}

// vehicleMoves lets a vehicle go from a door to another and back: what it sent is
// durable before each PUBACK, what it is to get it gets, and it stands at one door.
func vehicleMoves(t *testing.T, store *sqlstore.Store, version byte) {
	t.Helper()
	m := newMemory()
	a, b := doorsOn(t, store, m, nil)
	putCommand := func(n int) {
		t.Helper()
		if _, err := store.PutCommand(t.Context(), command(vinA, n)); err != nil {
			t.Fatal(err)
		}
	}
	sent := 0
	sends := func(c *hand) {
		t.Helper()
		sent++
		c.publish(1, uint16(sent), ingest.TelemetryTopic(vinA), sample(sent))
		if kind, _ := c.packet(); kind != 0x40 || m.rows() != sent {
			t.Fatalf("%#x with %d of %d rows durable", kind, m.rows(), sent)
		}
	}

	first := dial(t, a)
	first.connect(boxOf(version, true))
	first.subscribe(1, topicOf(vinA), 1)
	sends(first)
	putCommand(1)
	a.Notify(vinA)
	first.wantCommand(1, 0) // it is not acknowledged: the road ends here

	second := dial(t, b)
	if ack := second.connect(boxOf(version, true)); ack[0] != 1 {
		t.Error("the session is not present at the other door")
	}
	id := second.wantCommand(1, 0)
	second.write(0x40, 2, id[0], id[1])
	sends(second)
	if version == 5 {
		if kind, body := first.packet(); kind != 0xe0 || body[0] != 0x8e {
			t.Errorf("%#x % x at the old door, want DISCONNECT: session taken over", kind, body)
		}
	}
	first.ended()

	// Away from both, and back at the first one: what that knew is out of date.
	_ = second.nc.Close()
	putCommand(2)
	third := dial(t, a)
	if ack := third.connect(boxOf(version, true)); ack[0] != 1 {
		t.Error("the session is not present where it was before")
	}
	id = third.wantCommand(2, 0)
	third.write(0x40, 2, id[0], id[1])
	sends(third)

	// It begins anew elsewhere, and the first door does not remember the old one.
	fourth := dial(t, b)
	fourth.connect(boxOf(version, false))
	third.ended()
	sends(fourth)
	_ = fourth.nc.Close()
	fifth := dial(t, a)
	if ack := fifth.connect(boxOf(version, true)); ack[0] != 0 {
		t.Error("a session that was ended elsewhere came back")
	}
	sends(fifth)
	open, err := store.PendingCommands(t.Context(), vinA, 0, 0, time.Now())
	if err != nil || len(open) != 0 {
		t.Errorf("%d commands are open (%v)", len(open), err)
	}
}

// Who has proven nothing takes nothing from who has, at another door either.
func TestStrangerTakesNothingAtAnotherDoor(t *testing.T) {
	t.Parallel()
	var known atomic.Bool
	known.Store(true)
	a, b := doorsOn(t, sqltest.Open(t), newMemory(), func(c *door.Config) {
		c.Admission = proving(known.Load)
	})
	first := dial(t, a)
	first.connect(boxOf(5, true))
	known.Store(false)
	thief := dial(t, b)
	if kind, body := thief.greet(boxOf(5, true)); kind != 0x20 || body[1] != 0x87 {
		t.Errorf("%#x % x, want CONNACK: not authorized", kind, body)
	}
	first.write(0xc0, 0)
	if kind, _ := first.packet(); kind != 0xd0 {
		t.Errorf("%#x, want a PINGRESP", kind)
	}
}

// A will that waits is void when its vehicle goes on elsewhere, and due when it
// begins anew there.
func TestWillOfAVehicleThatMoved(t *testing.T) {
	t.Parallel()
	m := newMemory()
	a, b := doorsOn(t, sqltest.Open(t), m, nil)
	for n, keep := range []bool{true, false} {
		gone := dial(t, a)
		gone.write(delayedWill(sample(n + 1))...)
		gone.version = 5
		if kind, body := gone.packet(); kind != 0x20 || body[1] != 0 {
			t.Fatalf("CONNACK %#x % x", kind, body)
		}
		back := dial(t, b)
		back.connect(boxOf(5, keep))
		gone.ended()
		_ = back.nc.Close()
	}
	m.until(t, "the second will", func() bool { return m.rows() == 1 })
	if m.samples[string(vinA)+" "+time.UnixMilli(1_778_000_002_000).UTC().Format(time.RFC3339Nano)] != 1 {
		t.Errorf("samples %v", m.samples)
	}
}

// delayedWill is a CONNECT of the box whose telemetry will waits an hour.
func delayedWill(payload []byte) []byte {
	body := append(text("MQTT"), 5, 0xc4, 0, 0)
	body = append(body, 5, 17, 0, 0, 14, 16) // session expiry 3,600 s
	body = append(body, text("box")...)
	body = append(body, 5, 24, 0, 0, 14, 16) // will delay 3,600 s
	body = append(append(body, text(ingest.TelemetryTopic(vinA))...), text(string(payload))...)
	body = append(append(body, text(string(vinA))...), text("")...)
	return append(length([]byte{0x10}, len(body)), body...)
}

// While the database does not answer clients are let in; their claims are made
// up for, and count.
func TestClaimsAreMadeUpFor(t *testing.T) {
	t.Parallel()
	store := sqltest.Open(t)
	flaky := &outage{Claims: store}
	flaky.down.Store(true)
	m := newMemory()
	a := startDoor(t, m, func(c *door.Config) { c.Claims = flaky })
	first := dial(t, a)
	first.connect(boxOf(5, true))
	flaky.down.Store(false)
	m.until(t, "claimed", func() bool { return flaky.claimed.Load() > 0 })
	b := startDoor(t, m, func(c *door.Config) { c.Claims = store })
	dial(t, b).connect(boxOf(5, true))
	first.ended()
}

// proving is an admission that knows a secret of every vehicle, or of none.
type proving func() bool

func (p proving) Password(context.Context, presage.VIN, presage.Secret, netip.Addr) error {
	if p() {
		return nil
	}
	return presage.ErrNotFound
}

func (proving) Certificate(context.Context, presage.VIN, time.Time) error { return nil }

// outage is a database that takes no claims while it is down.
type outage struct {
	door.Claims
	down    atomic.Bool
	claimed atomic.Int64
}

func (o *outage) ClaimSession(ctx context.Context, c presage.MQTTClaim) (int64, bool, error) {
	if o.down.Load() {
		return 0, false, errors.New("down")
	}
	defer o.claimed.Add(1)
	return o.Claims.ClaimSession(ctx, c)
}
