package door

import (
	"bytes"
	"context"
	"io"
	"net"
	"sync"
	"testing"
	"time"

	v5 "github.com/eclipse/paho.golang/packets"
	v3 "github.com/eclipse/paho.mqtt.golang/packets"

	"presage/ingest"
)

// instant acknowledges at once and keeps what it was given.
type instant struct {
	mu  sync.Mutex
	got []ingest.Message
}

func (i *instant) SubmitAll(_ context.Context, ms []ingest.Message, from ingest.Source) error {
	i.mu.Lock()
	i.got = append(i.got, ms...)
	i.mu.Unlock()
	from.Durable(len(ms))
	return nil
}

// script is a connection that sends fixed bytes, in pieces of a few bytes, and
// drops what is written to it.
type script struct {
	net.Conn // nil: nothing else is called

	in   io.Reader
	step int
}

func (s *script) Read(p []byte) (int, error) {
	s.step = s.step*5%61 + 1
	return s.in.Read(p[:min(len(p), s.step)])
}
func (*script) Write(p []byte) (int, error)      { return len(p), nil }
func (*script) RemoteAddr() net.Addr             { return nil }
func (*script) Close() error                     { return nil }
func (*script) SetDeadline(time.Time) error      { return nil }
func (*script) SetReadDeadline(time.Time) error  { return nil }
func (*script) SetWriteDeadline(time.Time) error { return nil }

// hear lets a door listen to bytes and returns what reached its sink.
func hear(tb testing.TB, data []byte) []ingest.Message {
	tb.Helper()
	sink := &instant{}
	s, err := New(tb.Context(), Config{Addr: "127.0.0.1:0", Open: true, Sink: sink, Now: time.Now, MaxPayload: 1 << 16})
	if err != nil {
		tb.Fatal(err)
	}
	c := s.newConn(s.base, &script{in: bytes.NewReader(data)})
	if c.sniff() == nil {
		c.live()
	}
	if err := s.Close(); err != nil {
		tb.Fatal(err)
	}
	return sink.got
}

const fuzzVIN = "11111111111111111"

func connectBytes(version byte) []byte {
	var out bytes.Buffer
	if version == mqtt5 {
		p := &v5.Connect{
			ProtocolName: "MQTT", ProtocolVersion: 5, CleanStart: true, UsernameFlag: true, Username: fuzzVIN,
			Properties: &v5.Properties{},
		}
		_, _ = p.WriteTo(&out)
		return out.Bytes()
	}
	p, _ := v3.NewControlPacket(v3.Connect).(*v3.ConnectPacket)
	p.ProtocolName, p.ProtocolVersion, p.CleanSession, p.UsernameFlag, p.Username = "MQTT", 4, true, true, fuzzVIN
	_ = p.Write(&out)
	return out.Bytes()
}

// Whatever a client sends, before and after it is let in, the door neither
// panics nor hangs.
func FuzzDoor(f *testing.F) {
	topic := ingest.TelemetryTopic(fuzzVIN)
	publish := append([]byte{0x32, byte(4 + len(topic) + 2), 0, byte(len(topic))}, topic...)
	publish = append(publish, 0, 1, '{', '}')
	for _, version := range []byte{mqtt311, mqtt5} {
		hello := connectBytes(version)
		f.Add(hello)
		f.Add(append(bytes.Clone(hello), publish...))
		f.Add(append(bytes.Clone(hello), 0x82, 6, 0, 1, 0, 1, 'a', 1, 0xc0, 0, 0x62, 2, 0, 1, 0xe0, 0))
	}
	f.Add([]byte("GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		hear(t, data)
		for _, version := range []byte{mqtt311, mqtt5} {
			hear(t, append(connectBytes(version), data...))
		}
	})
}

// Our reading of a PUBLISH is that of Eclipse's package, which stands for the
// protocol here.
func FuzzPublish(f *testing.F) {
	f.Add(byte(0), uint16(0), "telemetry", []byte("{}"))
	f.Add(byte(1), uint16(7), "event", bytes.Repeat([]byte("x"), 70_000))
	f.Add(byte(2), uint16(65_535), "", []byte{})
	f.Fuzz(func(t *testing.T, qos byte, id uint16, last string, payload []byte) {
		topic := "presage/v1/" + fuzzVIN + "/" + last
		var out bytes.Buffer
		p, _ := v3.NewControlPacket(v3.Publish).(*v3.PublishPacket)
		p.Qos, p.MessageID, p.TopicName, p.Payload = qos%3, id, topic, payload
		if err := p.Write(&out); err != nil || len(topic) > longestTopic || len(payload) > 1<<16 ||
			bytes.ContainsAny([]byte(topic), "+#\x00") || p.Qos > 0 && id == 0 {
			return
		}
		again, err := v3.ReadPacket(bytes.NewReader(out.Bytes()))
		if err != nil {
			return
		}
		want, _ := again.(*v3.PublishPacket)
		got := hear(t, append(connectBytes(mqtt311), out.Bytes()...))
		if len(got) != 1 || got[0].Topic != want.TopicName || !bytes.Equal(got[0].Payload, want.Payload) {
			t.Fatalf("%d messages of %d bytes to %q", len(got), len(payload), topic)
		}
	})
}
