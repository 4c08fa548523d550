package gbt32960_test

import (
	"context"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"presage"
	"presage/ingest"
	"presage/ingest/gbt32960"
	"presage/ingest/gbt32960/frame"
)

func TestNewGatewayNamesEveryFault(t *testing.T) {
	t.Parallel()
	_, err := gbt32960.NewGateway(gbt32960.Config{IdleTimeout: -1, Connections: -1, FrameBytes: 63, InFlight: -1})
	for _, field := range []string{"Listener", "Sink", "Now", "IdleTimeout", "Connections", "FrameBytes", "InFlight"} {
		if err == nil || !strings.Contains(err.Error(), "gbt32960."+field) {
			t.Errorf("%v does not name %s", err, field)
		}
	}
}

// A whole visit of a terminal, with the frames of rtm_con and its answer.
func TestVisit(t *testing.T) {
	t.Parallel()
	w, all := newWorld(t, nil), frames(t)
	for _, edition := range []string{"2016", "2025"} {
		c := w.dial()
		c.send(all["login_"+edition])
		if diff := cmp.Diff(all["login_answer_"+edition], c.want(frame.Login, frame.OK).Append(nil)); diff != "" {
			t.Error(diff)
		}
		beat := frame.Frame{Version: frame.V2025, Command: frame.Heartbeat, Flag: frame.IsCommand, VIN: string(vinSample), Encryption: 1}
		c.send(beat.Append(nil))
		clock := frame.Clock(now())
		if f := c.want(frame.Heartbeat, frame.OK); !slices.Equal(f.Data, clock[:]) || f.Version != frame.V2025 {
			t.Errorf("%+v", f)
		}
		beat.Command = frame.TimeSync
		c.send(beat.Append(nil))
		c.want(frame.TimeSync, frame.OK)
		data := engineAt(vinSample, 200)
		data[2] = byte(frame.Reissue)
		data[len(data)-1] ^= byte(frame.Realtime ^ frame.Reissue)
		c.send(engineAt(vinSample, 100), data, all["logout_"+edition])
		want := frame.Clock(sampleTime)
		for _, command := range []frame.Command{frame.Realtime, frame.Reissue, frame.Logout} {
			if f := c.want(command, frame.OK); !slices.Equal(f.Data, want[:]) || f.VIN != string(vinSample) {
				t.Errorf("%+v", f)
			}
		}
	}
	if n := len(w.memory.stored()); n != 4 {
		t.Errorf("%d samples", n)
	}
	if diff := cmp.Diff([]string{"login", "logout", "login", "logout"}, codes(w.memory.events)); diff != "" {
		t.Error(diff)
	}
	if n := w.metric("presage_gbt32960_frames_total", "realtime"); len(w.memory.reasons()) > 0 || n != 2 {
		t.Errorf("%v, %g frames", w.memory.reasons(), n)
	}
	w.eventually("twelve responses are counted", func() bool {
		return w.metric("presage_gbt32960_responses_total", "ok") == 12
	})
}

// The response does not come before the write is done.
func TestResponseFollowsTheWrite(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	c := w.login(vinA)
	release := w.memory.holdWrites()
	defer release()
	c.send(engineAt(vinA, 1), engineAt(vinA, 2), command(vinA, frame.Heartbeat, nil))
	c.want(frame.Heartbeat, frame.OK) // it stores nothing, and shows that the others were read
	if f, err := c.receive(100 * time.Millisecond); err == nil {
		t.Fatalf("%+v although nothing is written", f)
	}
	release()
	c.want(frame.Realtime, frame.OK)
	c.want(frame.Realtime, frame.OK)
	if n := len(w.memory.stored()); n != 2 {
		t.Errorf("%d samples stored", n)
	}
}

// A store that stands still stops the reading, not the memory.
func TestFramesInFlightAreBounded(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *gbt32960.Config) { c.InFlight = 3 })
	c := w.login(vinA)
	release := w.memory.holdWrites()
	defer release()
	for i := range 50 {
		c.send(engineAt(vinA, byte(i)))
	}
	w.eventually("three frames are read and a fourth waits", func() bool {
		return w.metric("presage_gbt32960_frames_total", "realtime") == 4
	})
	release()
	for range 50 {
		c.want(frame.Realtime, frame.OK)
	}
	if n := len(w.memory.stored()); n != 50 {
		t.Errorf("%d samples stored", n)
	}
}

// A terminal that goes before its response harms nobody: its frames are stored.
func TestTerminalGoneBeforeTheResponse(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	c := w.login(vinA)
	release := w.memory.holdWrites()
	defer release()
	c.send(engineAt(vinA, 1), engineAt(vinA, 2))
	w.eventually("both are read", func() bool { return w.metric("presage_gbt32960_frames_total", "realtime") == 2 })
	c.nc.Close()
	w.eventually("the connection is gone", func() bool { return w.metric("presage_gbt32960_connections", "") == 0 })
	release()
	w.eventually("both are stored", func() bool { return len(w.memory.stored()) == 2 })
	w.login(vinA).send(engineAt(vinA, 3))
	w.eventually("the next one too", func() bool { return len(w.memory.stored()) == 3 })
}

// Nobody can prove to be a vehicle: a second login stands beside the first. At
// the bound the next one is refused, or takes the place of one that is silent.
func TestSecondLoginLeavesTheFirst(t *testing.T) {
	t.Parallel()
	for _, stale := range []time.Duration{time.Hour, time.Nanosecond} {
		w := newWorld(t, func(c *gbt32960.Config) { c.PerVehicle, c.StaleAfter = 2, stale })
		first, second, other := w.login(vinA), w.login(vinA), w.login(vinB)
		first.send(command(vinA, frame.Login, make([]byte, 26))) // again, on its own connection
		first.want(frame.Login, frame.OK)
		for _, c := range []*terminal{first, second} {
			c.send(engineAt(vinA, 1))
			c.want(frame.Realtime, frame.OK)
		}
		third := w.dial()
		third.send(command(vinA, frame.Login, make([]byte, 26)))
		if stale == time.Hour {
			third.want(frame.Login, frame.Failed)
			third.send(engineAt(vinA, 9))
			third.want(frame.Realtime, frame.Failed)
			first.send(engineAt(vinA, 2))
			first.want(frame.Realtime, frame.OK)
			second.nc.Close()
			w.eventually("the second is gone", func() bool { return w.metric("presage_gbt32960_connections", "") == 3 })
			w.login(vinA)
		} else {
			third.want(frame.Login, frame.OK)
			first.closed()
			second.send(engineAt(vinA, 2))
			second.want(frame.Realtime, frame.OK)
		}
		other.send(engineAt(vinB, 1))
		other.want(frame.Realtime, frame.OK)
	}
}

// Who is cut off has all of its connections closed, and nobody else's.
func TestDisconnect(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	first, second, other := w.login(vinA), w.login(vinA), w.login(vinB)
	w.gateway.Disconnect(vinA)
	first.closed()
	second.closed()
	other.send(engineAt(vinB, 1))
	other.want(frame.Realtime, frame.OK)
	w.gateway.Disconnect(vinA) // nobody is there
	w.login(vinA)
}

func TestAllowedNetworks(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *gbt32960.Config) { c.Allow = []netip.Prefix{netip.MustParsePrefix("203.0.113.0/24")} })
	w.dial().closed()
	w.eventually("it is counted", func() bool { return w.metric("presage_gbt32960_errors_total", "not_allowed") == 1 })
	w = newWorld(t, func(c *gbt32960.Config) {
		c.Allow = []netip.Prefix{netip.MustParsePrefix("203.0.113.0/24"), netip.MustParsePrefix("127.0.0.0/8")}
	})
	w.login(vinA)
}

// What vehicle A sends in the name of B is refused and kept, in every way.
func TestNobodySpeaksForAnother(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	c := w.login(vinA)
	c.send(engineAt(vinB, 1))
	c.want(frame.Realtime, frame.Failed)
	c.send(command(vinB, frame.Login, make([]byte, 26)))
	c.want(frame.Login, frame.Failed)
	c.send(command(vinB, frame.Logout, []byte{0, 1}))
	c.want(frame.Logout, frame.Failed)
	early := w.dial()
	early.send(engineAt(vinB, 1))
	early.want(frame.Realtime, frame.Failed)
	early.send(command(vinB, frame.Heartbeat, nil))
	early.want(frame.Heartbeat, frame.Failed)

	d := gbt32960.NewDecoder(nil)
	for topic, payload := range map[string][]byte{
		"gbt32960/" + string(vinA) + "/frame":         engineAt(vinB, 1),
		"gbt32960/" + string(vinA) + "/upstream/info": []byte(`{"Cmd":2,"Vin":"` + string(vinB) + `","Data":{"Time":` + someTime + `}}`),
		"gbt32960/-/before_login":                     engineAt(vinB, 1),
		"gbt32960/-/frame":                            engineAt(vinB, 1),
		"gbt32960//frame":                             engineAt(vinB, 1),
		"gbt32960/" + string(vinB):                    engineAt(vinB, 1),
		"gbt32960/" + string(vinB) + "/frame/x":       engineAt(vinB, 1),
	} {
		if got, err := d.Decode(ingest.Message{Topic: topic, Payload: payload}); err == nil || len(got.Samples)+len(got.Events) > 0 {
			t.Errorf("%s: %+v %v", topic, got, err)
		}
	}
	for _, topic := range d.Topics() {
		if !strings.HasPrefix(topic, "gbt32960/{vin}/upstream/") {
			t.Errorf("%s: frames may be published over MQTT", topic)
		}
	}
	w.eventually("four letters", func() bool { return len(w.memory.reasons()) == 4 })
	want := []string{"foreign_vin", "foreign_vin", "foreign_vin", "not_logged_in"}
	if diff := cmp.Diff(want, w.memory.reasons()); diff != "" || len(w.memory.stored()) > 0 {
		t.Error(diff, w.memory.stored())
	}
	for _, e := range w.memory.events {
		if e.VIN != vinA {
			t.Errorf("an event of %s", e.VIN)
		}
	}
}

// The lock keeps out who is revoked or not registered, before anything is kept
// in the vehicle's name; while it cannot tell, terminals come again.
func TestTheLockIsAsked(t *testing.T) {
	t.Parallel()
	gate := &lock{in: map[presage.VIN]bool{vinA: true}}
	w := newWorld(t, func(c *gbt32960.Config) { c.Lock = gate })
	w.login(vinA)
	c := w.dial()
	c.send(command(vinB, frame.Login, make([]byte, 26)))
	c.want(frame.Login, frame.Failed) // 2016 has no flag of its own
	modern := frame.Frame{Version: frame.V2025, Command: frame.Login, Flag: frame.IsCommand, VIN: string(vinB), Encryption: 1, Data: make([]byte, 30)}
	c.send(modern.Append(nil))
	c.want(frame.Login, frame.VINUnknown)
	c.send(engineAt(vinB, 1))
	c.want(frame.Realtime, frame.Failed)
	gate.down.Store(true)
	c.send(command(vinA, frame.Login, make([]byte, 26)))
	c.closed() // it comes again
	if n := len(w.memory.stored()); n != 0 {
		t.Errorf("%d samples of who stayed out", n)
	}
}

// lock is a gbt32960.Lock.
type lock struct {
	in   map[presage.VIN]bool
	down atomic.Bool
}

func (l *lock) Claim(_ context.Context, vin presage.VIN) error {
	switch {
	case l.down.Load():
		return presage.ErrUnavailable
	case !l.in[vin]:
		return presage.ErrForbidden
	}
	return nil
}

func TestWhatIsNoGoodFrame(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	c := w.login(vinA)
	spoilt := engineAt(vinA, 1)
	spoilt[len(spoilt)-1]++
	enciphered := frame.Frame{Version: frame.V2025, Command: frame.Realtime, Flag: frame.IsCommand, VIN: string(vinA), Encryption: frame.AES, Data: []byte("secret")}
	activation := frame.Frame{Version: frame.V2025, Command: frame.Activation, Flag: frame.IsCommand, VIN: string(vinA), Encryption: 1, Data: make([]byte, 40)}
	c.send([]byte("noise"), engineAt(vinA, 1), spoilt, engineAt(vinA, 2), enciphered.Append(nil), activation.Append(nil),
		frame.Frame{Version: frame.V2016, Command: frame.Login, Flag: frame.OK, VIN: string(vinA), Encryption: 1}.Append(nil),
		command(vinA, frame.Realtime, []byte{0x04, 1, 0, 3, 0xFF, 0xFF, 0x0A, 1, 2, 3}),
		command(vinA, frame.Realtime, []byte{0x04, 1, 0}), engineAt(vinA, 9))
	for _, want := range []struct {
		command frame.Command
		flag    frame.Flag
	}{
		{frame.Realtime, frame.OK},
		{frame.Realtime, frame.OK},
		{frame.Realtime, frame.BadDecryption},
		{frame.Activation, frame.Failed},
		{frame.Realtime, frame.OK},
		{frame.Realtime, frame.OK},
		{frame.Realtime, frame.OK},
	} {
		c.want(want.command, want.flag)
	}
	want := []string{
		gbt32960.ReasonBadFrame, gbt32960.ReasonBadFrame, gbt32960.ReasonEncrypted, gbt32960.ReasonUnknownCommand,
		gbt32960.ReasonUnknownInfo, gbt32960.ReasonShortInfo,
	}
	if diff := cmp.Diff(want, w.memory.reasons()); diff != "" {
		t.Error(diff)
	}
	// What stood before the unknown information is kept.
	if n := len(w.memory.stored()); n != 5 {
		t.Errorf("%d samples", n)
	}
	if string(w.memory.letters[0].Payload) != "noise" {
		t.Errorf("%q", w.memory.letters[0].Payload)
	}
	for reason, want := range map[string]float64{
		frame.WhyNoise: 1, frame.WhyCheck: 1, gbt32960.ReasonEncrypted: 1, "unexpected_answers": 1,
	} {
		if got := w.metric("presage_gbt32960_errors_total", reason); got != want {
			t.Errorf("%s: %g, want %g", reason, got, want)
		}
	}
	if strings.Contains(w.memory.letters[5].Detail, string(vinA)) {
		t.Error("a detail holds the VIN")
	}
}

// A frame whose clock ran ahead goes in when it is driven again later.
func TestRedriveOfFrames(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	c := w.login(vinA)
	ahead := frame.Clock(now().Add(6 * time.Minute))
	early := frame.Frame{
		Version: frame.V2016, Command: frame.Realtime, Flag: frame.IsCommand, VIN: string(vinA), Encryption: 1,
		Data: append(ahead[:], 0x04, 1, 0, 5, 0xFF, 0xFF),
	}
	c.send(early.Append(nil), command(vinA, frame.Realtime, []byte{0x0A}))
	c.want(frame.Realtime, frame.OK)
	c.want(frame.Realtime, frame.OK)
	if diff := cmp.Diff([]string{ingest.ReasonFutureTime, gbt32960.ReasonUnknownInfo}, w.memory.reasons()); diff != "" {
		t.Fatal(diff)
	}
	box := w.memory.box()
	box.Now = func() time.Time { return now().Add(time.Hour) }
	done, err := ingest.Redrive(t.Context(), w.pipeline, box)
	if err != nil || done.Accepted != 1 || done.Refused[gbt32960.ReasonUnknownInfo] != 1 {
		t.Errorf("%+v %v", done, err)
	}
	if got := w.memory.stored(); len(got) != 1 || !got[0].Time.Equal(now().Add(6*time.Minute)) {
		t.Errorf("%+v", got)
	}
}

// At the end nothing more is read, and what is being written is answered.
func TestShutdown(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	c := w.login(vinA)
	release := w.memory.holdWrites()
	defer release()
	c.send(engineAt(vinA, 1))
	w.eventually("it is read", func() bool { return w.metric("presage_gbt32960_frames_total", "realtime") == 1 })
	stopped := make(chan struct{})
	go func() { w.stop(); close(stopped) }()
	w.eventually("nobody listens", func() bool {
		nc, err := net.Dial("tcp", w.addr)
		if err == nil {
			nc.Close()
		}
		return err != nil
	})
	release()
	c.want(frame.Realtime, frame.OK)
	c.closed()
	<-stopped
}
