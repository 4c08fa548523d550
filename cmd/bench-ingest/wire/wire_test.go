package wire_test

import (
	"bytes"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/eclipse/paho.mqtt.golang/packets"

	"presage"
	"presage/cmd/bench-ingest/wire"
)

// paho's decoder is the independent reader of what is written here.
func decode(t *testing.T, packet []byte) packets.ControlPacket {
	t.Helper()
	r := bytes.NewReader(packet)
	p, err := packets.ReadPacket(r)
	if err != nil || r.Len() != 0 {
		t.Fatalf("%x: %v, %d bytes left", packet, err, r.Len())
	}
	return p
}

func TestConnectIsReadByPaho(t *testing.T) {
	t.Parallel()
	p, ok := decode(t, wire.AppendConnect(nil, "id", "1M8GDM9AXKP042788", "none", 60)).(*packets.ConnectPacket)
	if !ok || p.Validate() != packets.Accepted || p.ClientIdentifier != "id" || p.Username != "1M8GDM9AXKP042788" ||
		string(p.Password) != "none" || p.Keepalive != 60 || !p.CleanSession || p.ProtocolVersion != 4 {
		t.Errorf("%+v", p)
	}
	p, ok = decode(t, wire.AppendConnect(nil, "id", "", "", 0)).(*packets.ConnectPacket)
	if !ok || p.UsernameFlag || p.PasswordFlag || p.ClientIdentifier != "id" {
		t.Errorf("anonymous: %+v", p)
	}
}

// The lengths straddle the steps of the encoding: 127, 128, 16,383 and 16,384
// bytes (section 2.2.3 of MQTT 3.1.1, table 2.4).
func TestPublishIsReadByPaho(t *testing.T) {
	t.Parallel()
	const topic = "a/b" // 2+3+2 bytes before the payload
	for _, n := range []int{0, 120, 121, 16_376, 16_377, 300_000} {
		payload := bytes.Repeat([]byte("x"), n)
		p, ok := decode(t, wire.AppendPublish(nil, 65_535, topic, payload)).(*packets.PublishPacket)
		if !ok || p.TopicName != topic || p.MessageID != 65_535 || p.Qos != 1 || p.Retain || p.Dup ||
			!bytes.Equal(p.Payload, payload) {
			t.Errorf("%d bytes: %v", n, p)
		}
	}
	if _, ok := decode(t, wire.AppendDisconnect(nil)).(*packets.DisconnectPacket); !ok {
		t.Error("no DISCONNECT")
	}
}

// broker answers one connection with code and, for each PUBLISH, with a PUBACK.
func broker(t *testing.T, code byte) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		for {
			p, err := packets.ReadPacket(conn)
			if err != nil {
				return
			}
			switch p := p.(type) {
			case *packets.ConnectPacket:
				ack := packets.NewControlPacket(packets.Connack).(*packets.ConnackPacket)
				ack.ReturnCode = code
				_ = ack.Write(conn)
			case *packets.PublishPacket:
				_ = packets.NewControlPacket(packets.Pingresp).Write(conn) // to be passed over
				ack := packets.NewControlPacket(packets.Puback).(*packets.PubackPacket)
				ack.MessageID = p.MessageID
				_ = ack.Write(conn)
			default:
				_, _ = io.Copy(io.Discard, conn)
				return
			}
		}
	}()
	return "tcp://" + l.Addr().String()
}

func TestAClientPublishesAndHearsTheAcks(t *testing.T) {
	t.Parallel()
	c, err := wire.Dial(t.Context(), broker(t, 0), wire.Login{ClientID: "id", Username: "u", KeepAlive: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	for want := uint16(1); want <= 3; want++ {
		if err := c.Write(wire.AppendPublish(nil, c.NextID(), "t", []byte("{}"))); err != nil {
			t.Fatal(err)
		}
		if id, err := c.ReadAck(); id != want || err != nil {
			t.Fatalf("PUBACK %d, %v, want %d", id, err, want)
		}
	}
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	if _, err := c.ReadAck(); !errors.Is(err, presage.ErrUnavailable) {
		t.Errorf("after Close: %v", err)
	}
}

func TestIdentifiersComeRoundWithoutZero(t *testing.T) {
	t.Parallel()
	c, err := wire.Dial(t.Context(), broker(t, 0), wire.Login{ClientID: "id"})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for n := range 2 * 65_535 {
		if got, want := int(c.NextID()), n%65_535+1; got != want {
			t.Fatalf("identifier %d is %d, want %d", n, got, want)
		}
	}
}

func TestARefusedLogin(t *testing.T) {
	t.Parallel()
	// 5 is "not authorized" (section 3.2.2.3).
	_, err := wire.Dial(t.Context(), broker(t, 5), wire.Login{ClientID: "id"})
	if !errors.Is(err, presage.ErrForbidden) || !strings.Contains(err.Error(), "5") {
		t.Error(err)
	}
	if _, err := wire.Dial(t.Context(), "tcp://127.0.0.1:1", wire.Login{}); !errors.Is(err, presage.ErrUnavailable) {
		t.Error(err)
	}
}
