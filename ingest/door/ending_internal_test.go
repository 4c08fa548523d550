package door

import (
	"net"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"presage"
	"presage/ingest"
)

// deaf connects a client that reads nothing but its CONNACK.
func deaf(t *testing.T, s *Server, hello []byte) {
	t.Helper()
	ours, theirs := net.Pipe()
	t.Cleanup(func() { _ = theirs.Close() })
	s.begin(ours)
	_ = theirs.SetDeadline(time.Now().Add(time.Minute))
	if _, err := theirs.Write(hello); err != nil {
		t.Fatal(err)
	}
	head := make([]byte, 2)
	if _, err := theirs.Read(head); err != nil {
		t.Fatal(err)
	}
	if _, err := theirs.Read(make([]byte, head[1])); err != nil {
		t.Fatal(err)
	}
}

func openInternally(t *testing.T) *Server {
	t.Helper()
	s, err := New(t.Context(), Config{Addr: "127.0.0.1:0", Open: true, Sink: &instant{}, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Clients that do not read hold the end up once, not each.
func TestCloseWithDeafClients(t *testing.T) {
	t.Parallel()
	s := openInternally(t)
	for range 6 {
		deaf(t, s, connectBytes(mqtt5))
	}
	began := time.Now()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(began); took > 8*time.Second {
		t.Errorf("Close took %v", took)
	}
}

func TestWaitingWillsAreBounded(t *testing.T) {
	t.Parallel()
	s := openInternally(t)
	defer func() { _ = s.Close() }()
	u := user{vin: presage.VIN(fuzzVIN)}
	sink, _ := s.cfg.Sink.(*instant)
	w := will{topic: ingest.TopicPrefix + fuzzVIN + "/telemetry", delay: time.Hour}
	lost := func(id string, clean bool) (present bool) {
		c := s.newConn(s.base, &script{})
		c.user = u
		present, err := s.register(t.Context(), c, hello{clientID: id, clean: clean, expiry: time.Hour})
		if err != nil {
			t.Fatal(err)
		}
		s.leave(t.Context(), c)
		s.publishWill(c.session, u, w)
		return present
	}
	waiting := func() (n int) {
		s.registry.mu.Lock()
		defer s.registry.mu.Unlock()
		for _, one := range s.registry.owners[fuzzVIN] {
			if one.will != nil {
				n++
			}
		}
		return n
	}
	for range 100 { // comes back again and again: the will before is void
		lost("one", false)
	}
	if n := waiting(); n != 1 {
		t.Errorf("%d wills wait, want 1", n)
	}
	lost("one", true) // the session ends: its will is due
	for i := range 100 {
		lost(string(rune('A'+i)), false)
	}
	if n := waiting(); n != presage.MaxMQTTSessions {
		t.Errorf("%d wills wait, want %d", n, presage.MaxMQTTSessions)
	}
	_ = s.Close()
	if n := len(sink.got); n != 1+101-presage.MaxMQTTSessions {
		t.Errorf("%d wills were told", n)
	}
}

// A client that never releases its messages of QoS 2 is remembered within a bound.
func TestHeldMessagesAreBounded(t *testing.T) {
	t.Parallel()
	one := newSession(user{}, "x", time.Hour)
	for id := range 65_535 {
		one.hold(uint16(id))
	}
	if n := len(one.received); n > mostHeld {
		t.Errorf("%d are held", n)
	}
}

// A client that subscribes and takes it back writes once a second.
func TestKeepingIsBounded(t *testing.T) {
	t.Parallel()
	one := newSession(user{}, "x", time.Hour)
	now, wrote := time.Now(), 0
	for range 1000 {
		now = now.Add(time.Millisecond)
		one.subscribe(1)
		if _, ok := one.worthKeeping(now); ok {
			wrote++
		}
		one.unsubscribe()
		if _, ok := one.worthKeeping(now); ok {
			wrote++
		}
	}
	if wrote > 2 {
		t.Errorf("%d writes in a second", wrote)
	}
	one.subscribe(0)
	if differs, _ := one.stale(now); !differs {
		t.Error("what was left out is forgotten")
	}
}

// Connections that are cut off and take their time to go make room once.
func TestConnectionsOfAVehicleThatGoSlowly(t *testing.T) {
	t.Parallel()
	s := openInternally(t)
	defer func() { _ = s.Close() }()
	for i := range 100 {
		c := s.newConn(s.base, &script{})
		c.user = user{vin: presage.VIN(fuzzVIN)}
		if _, err := s.register(t.Context(), c, hello{clientID: string(rune('A' + i))}); err != nil {
			t.Fatal(err)
		}
	}
	stay := 0
	for _, c := range s.registry.connections() {
		if c.reason.Load() == nil {
			stay++
		}
	}
	if stay != s.cfg.ConnectionsPerVehicle {
		t.Errorf("%d connections stay, want %d", stay, s.cfg.ConnectionsPerVehicle)
	}
}

// A websocket whose client does not read is closed as promptly as any other.
func TestCloseWithADeafWebsocket(t *testing.T) {
	t.Parallel()
	s := openInternally(t)
	ours, theirs := net.Pipe()
	defer func() { _ = theirs.Close() }()
	s.begin(ours)
	dialer := websocket.Dialer{
		Subprotocols: []string{"mqtt"}, NetDial: func(string, string) (net.Conn, error) { return theirs, nil },
	}
	ws, answer, err := dialer.DialContext(t.Context(), "ws://localhost/mqtt", nil)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	if err := ws.WriteMessage(websocket.BinaryMessage, connectBytes(mqtt5)); err != nil {
		t.Fatal(err)
	}
	if _, _, err := ws.ReadMessage(); err != nil {
		t.Fatal(err)
	}
	if err := ws.WriteMessage(websocket.BinaryMessage, []byte{0xc0, 0}); err != nil { // its answer is not read
		t.Fatal(err)
	}
	began := time.Now()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(began); took > 8*time.Second {
		t.Errorf("Close took %v", took)
	}
}
