package door

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"testing"
	"testing/synctest"
	"time"

	v5 "github.com/eclipse/paho.golang/packets"
	v3 "github.com/eclipse/paho.mqtt.golang/packets"

	"presage"
	"presage/ingest"
)

// pipe is a client at the other end of a net.Pipe, which has no buffers: what is
// not read is not written.
type pipe struct {
	t *testing.T
	net.Conn
}

// visit connects with the given CONNECT and expects to be let in.
func visit(t *testing.T, s *Server, connect []byte) pipe {
	t.Helper()
	ours, theirs := net.Pipe()
	t.Cleanup(func() { _ = theirs.Close() })
	s.begin(ours)
	p := pipe{t, theirs}
	p.send(connect)
	if kind, _ := p.receive(); kind != 0x20 {
		t.Fatalf("%#x, want a CONNACK", kind)
	}
	return p
}

func (p pipe) send(packet []byte) {
	p.t.Helper()
	if _, err := p.Write(packet); err != nil {
		p.t.Fatal(err)
	}
}

// receive reads a packet of either version.
func (p pipe) receive() (kind byte, body []byte) {
	p.t.Helper()
	in := reader{src: oneByOne{p.Conn}, beforeRead: func() error { return nil }, afterRead: func() {}}
	kind, size, err := in.header()
	if err != nil {
		p.t.Fatal(err)
	}
	body = make([]byte, size)
	if err := in.readFull(body); err != nil {
		p.t.Fatal(err)
	}
	return kind, body
}

// oneByOne takes nothing beyond the packet that is being read.
type oneByOne struct{ net.Conn }

func (o oneByOne) Read(b []byte) (int, error) { return o.Conn.Read(b[:1]) }

func subscribeBytes(version byte) []byte {
	var out bytes.Buffer
	topic := ingest.CommandTopic(fuzzVIN)
	if version == mqtt5 {
		p := &v5.Subscribe{
			PacketID: 1, Properties: &v5.Properties{}, Subscriptions: []v5.SubOptions{{Topic: topic, QoS: 1}},
		}
		_, _ = p.WriteTo(&out)
		return out.Bytes()
	}
	p, _ := v3.NewControlPacket(v3.Subscribe).(*v3.SubscribePacket)
	p.MessageID, p.Topics, p.Qoss = 1, []string{topic}, []byte{1}
	_ = p.Write(&out)
	return out.Bytes()
}

// orders are commands that wait.
type orders struct {
	open     []presage.Command
	retained *presage.Command
}

func (o *orders) PendingCommands(
	_ context.Context, _ presage.VIN, after int64, limit int, _ time.Time,
) (out []presage.Command, _ error) {
	for _, c := range o.open {
		if c.ID > after && len(out) < limit {
			out = append(out, c)
		}
	}
	return out, nil
}

func (o *orders) RetainedCommand(context.Context, presage.VIN, time.Time) (presage.Command, error) {
	if o.retained == nil {
		return presage.Command{}, presage.ErrNotFound
	}
	return *o.retained, nil
}

func (*orders) CommandDone(context.Context, presage.VIN, int64, time.Time) error { return nil }

func (*orders) NewCommands(context.Context, int64) ([]presage.VIN, int64, error) { return nil, 0, nil }

func withOrders(t *testing.T, o *orders) *Server {
	t.Helper()
	s, err := New(t.Context(), Config{Addr: "127.0.0.1:0", Open: true, Sink: &instant{}, Now: time.Now, Commands: o})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Commands that are large together do not cut off a vehicle that reads.
func TestManyLargeCommands(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o := &orders{}
		for i := range 16 {
			o.open = append(o.open, presage.Command{ID: int64(i + 1), VIN: fuzzVIN, Payload: make([]byte, 64<<10)})
		}
		s := withOrders(t, o)
		c := visit(t, s, connectBytes(mqtt311))
		c.send(subscribeBytes(mqtt311))
		if kind, _ := c.receive(); kind != 0x90 {
			t.Fatalf("%#x, want a SUBACK", kind)
		}
		synctest.Wait() // as much is sent as is sent to a client that does not read
		for i := range 16 {
			if kind, _ := c.receive(); kind != 0x32 {
				t.Fatalf("%#x, want command %d", kind, i+1)
			}
		}
		_ = c.Close()
		_ = s.Close()
	})
}

// A client that takes one message at once gets one, retained or not.
func TestRetainedCommandCountsAgainstReceiveMaximum(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := withOrders(t, &orders{
			retained: &presage.Command{ID: 1, VIN: fuzzVIN, Payload: []byte("1"), Retain: true},
			open:     []presage.Command{{ID: 2, VIN: fuzzVIN, Payload: []byte("2")}},
		})
		var connect bytes.Buffer
		one := uint16(1)
		p := &v5.Connect{
			ProtocolName: "MQTT", ProtocolVersion: 5, CleanStart: true, UsernameFlag: true, Username: fuzzVIN,
			Properties: &v5.Properties{ReceiveMaximum: &one},
		}
		_, _ = p.WriteTo(&connect)
		c := visit(t, s, connect.Bytes())
		c.send(subscribeBytes(mqtt5))
		if kind, _ := c.receive(); kind != 0x90 {
			t.Fatalf("%#x, want a SUBACK", kind)
		}
		kind, body := c.receive()
		if kind != 0x33 || body[len(body)-1] != '1' {
			t.Fatalf("%#x % x, want the retained command", kind, body)
		}
		synctest.Wait() // whatever else would be sent now is on its way
		c.send([]byte{0xc0, 0})
		if kind, _ := c.receive(); kind != pingresp {
			t.Fatalf("%#x came before the first command was acknowledged", kind)
		}
		id := body[2+len(ingest.CommandTopic(fuzzVIN)):]
		c.send([]byte{0x40, 2, id[0], id[1]})
		if kind, body := c.receive(); kind != 0x32 || body[len(body)-1] != '2' {
			t.Errorf("%#x % x, want the second command", kind, body)
		}
		_ = c.Close()
		_ = s.Close()
	})
}

// stuck takes nothing until the context ends.
type stuck struct{}

func (stuck) SubmitAll(ctx context.Context, _ []ingest.Message, _ ingest.Source) error {
	<-ctx.Done()
	return fmt.Errorf("stuck: %w", ctx.Err())
}

// keeping are sessions of which none is kept before called returns.
type keeping struct{ called func() }

func (k keeping) PutSession(context.Context, presage.MQTTSession) error { k.called(); return nil }

func (keeping) Session(context.Context, presage.VIN, string) (presage.MQTTSession, error) {
	return presage.MQTTSession{}, presage.ErrNotFound
}

func (keeping) DeleteSession(context.Context, presage.MQTTSession) error { return nil }

// A reader that comes to a sink without room only after Run was told to stop
// does not hold Run up.
func TestStopBeforeTheSinkIsFound(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		s, err := New(ctx, Config{
			Addr: "127.0.0.1:0", Open: true, Sink: stuck{}, Now: time.Now,
			Sessions: keeping{func() { cancel(); synctest.Wait() }}, // Run has done what it does at the end
		})
		if err != nil {
			t.Fatal(err)
		}
		ran := make(chan error, 1)
		go func() { ran <- s.Run(ctx) }()
		var connect bytes.Buffer
		hello, _ := v3.NewControlPacket(v3.Connect).(*v3.ConnectPacket)
		hello.ProtocolName, hello.ProtocolVersion, hello.UsernameFlag, hello.Username = "MQTT", 4, true, fuzzVIN
		hello.ClientIdentifier = "box" // its session is to be kept
		_ = hello.Write(&connect)
		c := visit(t, s, connect.Bytes())
		message, _ := v3.NewControlPacket(v3.Publish).(*v3.PublishPacket)
		message.Qos, message.MessageID, message.TopicName = 1, 1, ingest.TelemetryTopic(fuzzVIN)
		both := bytes.NewBuffer(subscribeBytes(mqtt311))
		_ = message.Write(both)
		c.send(both.Bytes())
		select {
		case <-ran:
		case <-time.After(time.Hour): // of the bubble: everything stands still
			t.Error("Run does not return")
		}
		_ = c.Close()
		_ = s.Close()
	})
}
