package main

import (
	"io"
	"net"
	"testing"
	"time"

	"github.com/eclipse/paho.mqtt.golang/packets"
)

// echo answers every connection with what came in.
func echo(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() { io.Copy(c, c); c.Close() }()
		}
	}()
	return l.Addr().String()
}

func dial(t *testing.T, address string) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	if err := c.SetDeadline(time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	return c
}

func exchange(t *testing.T, c net.Conn, text string) {
	t.Helper()
	if _, err := io.WriteString(c, text); err != nil {
		t.Fatal(err)
	}
	got := make([]byte, len(text))
	if _, err := io.ReadFull(c, got); err != nil || string(got) != text {
		t.Fatalf("%q, %v; want %q", got, err, text)
	}
}

func TestGateThrowsAwayWhatItHolds(t *testing.T) {
	t.Parallel()
	g, err := startGate(t.Context(), echo(t))
	if err != nil {
		t.Fatal(err)
	}
	defer g.close()
	c := dial(t, g.address())
	exchange(t, c, "before")
	for range 2 { // a gate can be shut again
		g.hold()
		if _, err := io.WriteString(c, "held"); err != nil {
			t.Fatal(err)
		}
		g.drop()
		if n, err := c.Read(make([]byte, 10)); n != 0 || err == nil {
			t.Fatalf("%d bytes came through (%v)", n, err)
		}
		c = dial(t, g.address())
		exchange(t, c, "after")
	}
}

func TestTapNotesDeliveriesAndAcknowledgements(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	tap, err := startTap(t.Context(), l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer tap.close()
	client := dial(t, tap.address())
	server, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	deliver := func(id uint16, payload string) {
		p := packets.NewControlPacket(packets.Publish).(*packets.PublishPacket)
		p.Qos, p.TopicName, p.MessageID, p.Payload = 1, "a/b", id, []byte(payload)
		if err := p.Write(server); err != nil {
			t.Fatal(err)
		}
		got, err := packets.ReadPacket(client)
		if m, ok := got.(*packets.PublishPacket); err != nil || !ok || m.MessageID != id || string(m.Payload) != payload {
			t.Fatalf("%v, %v", got, err)
		}
	}
	acknowledge := func(id uint16) {
		p := packets.NewControlPacket(packets.Puback).(*packets.PubackPacket)
		p.MessageID = id
		if err := p.Write(client); err != nil {
			t.Fatal(err)
		}
		if _, err := packets.ReadPacket(server); err != nil {
			t.Fatal(err)
		}
	}
	deliver(1, "one")
	deliver(2, "two")
	acknowledge(2)
	deliver(2, "three") // an identifier is used again
	deliver(9, "one")   // and a message comes again
	for payload, want := range map[string]struct {
		acked bool
		times int
	}{"one": {false, 2}, "two": {true, 1}, "three": {false, 1}, "four": {}} {
		if acked, times := tap.said(key("a/b", []byte(payload))); acked != want.acked || times != want.times {
			t.Errorf("%s: acknowledged %v, delivered %d times; want %+v", payload, acked, times, want)
		}
	}
}
