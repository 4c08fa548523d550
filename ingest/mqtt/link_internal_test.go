package mqtt

import (
	"bytes"
	"errors"
	"io"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"github.com/eclipse/paho.mqtt.golang/packets"
	"github.com/google/go-cmp/cmp"

	"presage/ingest"
)

func publish(id uint16, qos byte, topic, payload string) []byte {
	var b bytes.Buffer
	p := packets.PublishPacket{
		FixedHeader: packets.FixedHeader{MessageType: packets.Publish, Qos: qos}, TopicName: topic, MessageID: id,
		Payload: []byte(payload),
	}
	_ = p.Write(&b) // a buffer takes all
	return b.Bytes()
}

// opened is a link over a pipe whose other end is the broker's, with the
// library reading what is its own.
func opened(t *testing.T) (*link, *window, net.Conn, <-chan byte) {
	t.Helper()
	near, broker := net.Pipe()
	w := newWindow(100, 1<<20, nil)
	l := newLink(near, w, time.Now)
	w.on(l)
	passed := make(chan byte, 100)
	go func() {
		b := make([]byte, 1)
		for {
			n, err := l.Read(b)
			if err != nil {
				return
			}
			if n > 0 {
				passed <- b[0]
			}
		}
	}()
	t.Cleanup(func() {
		_ = l.Close()
		_ = broker.Close()
	})
	return l, w, broker, passed
}

func write(t *testing.T, to io.Writer, parts ...[]byte) {
	t.Helper()
	if _, err := to.Write(bytes.Join(parts, nil)); err != nil {
		t.Fatal(err)
	}
}

// An acknowledgement is written at once when nothing else happens, a run of
// them in order, and none before it is due.
func TestAcknowledgementsFlushWhenIdle(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, w, broker, passed := opened(t)
		write(t, broker, publish(7, 1, "a", "one"), []byte{0xd0, 0}, publish(8, 1, "a", "two"), publish(0, 0, "a", "no"),
			publish(300, 2, "b", ""))
		synctest.Wait()
		if a, b := <-passed, <-passed; a != 0xd0 || b != 0 || len(passed) > 0 {
			t.Errorf("the library was given %x %x and %d more, want the PINGRESP alone", a, b, len(passed))
		}
		var got []string
		for _, m := range w.take(nil) {
			got = append(got, m.Topic+" "+string(m.Payload))
		}
		if diff := cmp.Diff([]string{"a one", "a two", "a no", "b "}, got); diff != "" {
			t.Fatal(diff)
		}
		acks := make(chan []byte, 10)
		go func() {
			for {
				b := make([]byte, 64)
				n, err := broker.Read(b)
				if err != nil {
					return
				}
				acks <- b[:n]
			}
		}()
		synctest.Wait()
		if len(acks) > 0 {
			t.Fatalf("acknowledged what is not durable: %x", <-acks)
		}
		w.Durable(1)
		synctest.Wait()
		w.Durable(3)
		synctest.Wait()
		want := [][]byte{{0x40, 2, 0, 7}, {0x40, 2, 0, 8, 0x50, 2, 1, 44}} // 300 is 0x012c
		if diff := cmp.Diff(want, [][]byte{<-acks, <-acks}); diff != "" {
			t.Error(diff)
		}
	})
}

// A packet of the library goes after the acknowledgements that are due.
func TestPacketsOfTheLibraryKeepWhole(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l, _, broker, _ := opened(t)
		l.ack(firstPuback, 1) // due, and its turn to be written has not come
		go func() { _, _ = l.Write([]byte{0xc0, 0}) }()
		b := make([]byte, 64)
		n, err := broker.Read(b)
		if diff := cmp.Diff([]byte{0x40, 2, 0, 1, 0xc0, 0}, b[:n]); err != nil || diff != "" {
			t.Error(err, diff)
		}
	})
}

func TestRepeatsInTheWindowAreDropped(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, w, broker, _ := opened(t)
		again := publish(1, 1, "a", "x")
		again[0] |= 8 // DUP
		write(t, broker, publish(1, 1, "a", "x"), again, publish(2, 1, "a", "y"))
		synctest.Wait()
		if n := len(w.take(nil)); n != 2 {
			t.Errorf("%d messages, want 2", n)
		}
	})
}

// A broker that has more in flight than there are identifiers uses them again:
// each message is taken and acknowledged.
func TestIdentifiersMayBeUsedAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, w, broker, _ := opened(t)
		write(t, broker, publish(1, 1, "a", "x"), publish(1, 1, "a", "y"))
		synctest.Wait()
		if n := len(w.take(nil)); n != 2 {
			t.Fatalf("%d messages, want 2", n)
		}
		w.Durable(2)
		acks := make([]byte, 64)
		n, err := broker.Read(acks)
		if diff := cmp.Diff([]byte{0x40, 2, 0, 1, 0x40, 2, 0, 1}, acks[:n]); diff != "" || err != nil {
			t.Error(diff, err)
		}
	})
}

// A full window stops the reading, and pings are answered none the less.
func TestFullWindowHoldsTheBroker(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l, w, broker, passed := opened(t)
		w.maxMessages = 2
		sent := make(chan struct{})
		go func() {
			for id := range uint16(5) {
				_, _ = broker.Write(publish(id+1, 1, "a", "x"))
			}
			close(sent)
		}()
		synctest.Wait()
		select {
		case <-sent:
			t.Fatal("the broker could send on")
		default:
		}
		go func() { _, _ = io.Copy(io.Discard, broker) }()
		if _, err := l.Write([]byte{0xc0, 0}); err != nil {
			t.Fatal(err)
		}
		if a, b := <-passed, <-passed; a != 0xd0 || b != 0 {
			t.Errorf("a ping is answered by %x %x", a, b)
		}
		taken := len(w.take(nil))
		for range 5 {
			synctest.Wait()
			w.Durable(1)
			synctest.Wait()
			taken += len(w.take(nil))
		}
		<-sent
		if taken != 5 {
			t.Errorf("%d messages arrived, want 5", taken)
		}
	})
}

// stream is a connection that gives bytes.
type stream struct {
	net.Conn
	io.Reader
}

func (s stream) Read(p []byte) (int, error) { return s.Reader.Read(p) }
func (stream) Write(p []byte) (int, error)  { return len(p), nil }
func (stream) Close() error                 { return nil }

// all keeps packets.
type all struct{ got []ingest.Message }

func (a *all) put(p packet) bool {
	a.got = append(a.got, p.msg)
	return true
}
func (*all) settle()               {}
func (*all) room() <-chan struct{} { return nil }

// FuzzLink holds the link against the library's own reader: the same PUBLISH
// packets, and every other packet untouched.
// longest is the largest length that any four bytes of data may announce.
func longest(data []byte) int {
	most := 0
	for i := range data {
		size := 0
		for k, b := range data[i:min(len(data), i+4)] {
			size |= int(b&0x7f) << (7 * k)
			if b&0x80 == 0 {
				break
			}
		}
		most = max(most, size)
	}
	return most
}

// A length that no control packet has ends the connection before anybody
// allocates it.
func TestHugeControlPacketsAreRefused(t *testing.T) {
	t.Parallel()
	var sink all
	l := newLink(stream{Reader: bytes.NewReader([]byte{0xd0, 0xff, 0xff, 0xff, 0x7f, 0})}, &sink, time.Now)
	defer l.Close()
	if _, err := l.Read(make([]byte, 16)); !errors.Is(err, errFrame) {
		t.Errorf("a PINGRESP of 268,435,455 bytes: %v", err)
	}
}

func FuzzLink(f *testing.F) {
	f.Add(bytes.Join([][]byte{publish(1, 1, "a/b", "x"), {0xd0, 0}, publish(0, 0, "", ""), {0x90, 3, 0, 1, 1}}, nil))
	f.Add([]byte{0x32, 0xff, 0xff, 0xff, 0xff, 1})
	f.Add([]byte{0x32, 2, 0, 9})
	f.Fuzz(func(t *testing.T, data []byte) {
		var sink all
		l := newLink(stream{Reader: bytes.NewReader(data)}, &sink, time.Now)
		var others []byte
		var linkErr error
		for linkErr == nil {
			var p packets.ControlPacket
			if p, linkErr = packets.ReadPacket(l); linkErr == nil {
				others = append(others, p.String()...)
			}
		}
		_ = l.Close()
		if errors.Is(linkErr, errFrame) && longest(data) > 1<<20 {
			return // the library would allocate what the packet announces
		}
		var wantOthers []byte
		n := 0
		for r := bytes.NewReader(data); ; {
			p, err := packets.ReadPacket(r)
			if err != nil {
				break
			}
			m, ok := p.(*packets.PublishPacket)
			switch {
			case !ok:
				wantOthers = append(wantOthers, p.String()...)
			case n < len(sink.got):
				if got := sink.got[n]; got.Topic != m.TopicName || !bytes.Equal(got.Payload, m.Payload) || got.Retained != m.Retain {
					t.Fatalf("PUBLISH %d: %q %q, want %q %q", n, got.Topic, got.Payload, m.TopicName, m.Payload)
				}
				n++
			case errors.Is(linkErr, errFrame):
				return // stricter than the library, which takes QoS 3 and identifier 0
			default:
				t.Fatalf("PUBLISH %d %v is missing: %v", n, m, linkErr)
			}
		}
		if n < len(sink.got) || !errors.Is(linkErr, errFrame) && !bytes.Equal(others, wantOthers) {
			t.Fatalf("%d PUBLISH and others %q, want %d and %q (%v)", len(sink.got), others, n, wantOthers, linkErr)
		}
	})
}
