package door

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"

	v3 "github.com/eclipse/paho.mqtt.golang/packets"

	"presage"
	"presage/ingest"
)

// Probe goes the way of a vehicle: it connects, publishes a message that leaves
// nothing behind and waits until it is acknowledged, which is after the store
// has written. An error is an ErrUnavailable that says how far it came.
func (s *Server) Probe(ctx context.Context) error {
	step, err := s.probe(ctx)
	if err != nil {
		return fmt.Errorf("mqtt: %w: a probe got no further than %s: %w", presage.ErrUnavailable, step, err)
	}
	return nil
}

func (s *Server) probe(ctx context.Context) (step string, err error) {
	var dialer net.Dialer
	nc, err := dialer.DialContext(ctx, "tcp", s.dialAddr())
	if err != nil {
		return "connecting", err
	}
	defer func() { _ = nc.Close() }()
	stop := context.AfterFunc(ctx, func() { _ = nc.Close() })
	defer stop()
	if config := s.ClientTLS(); config != nil {
		nc = tls.Client(nc, config)
	}
	hello, _ := v3.NewControlPacket(v3.Connect).(*v3.ConnectPacket)
	hello.ProtocolName, hello.ProtocolVersion, hello.CleanSession = "MQTT", mqtt311, true
	hello.ClientIdentifier, hello.UsernameFlag, hello.PasswordFlag = newClientID(), true, true
	hello.Username, hello.Password = serviceName, []byte(s.password.Reveal())
	message, _ := v3.NewControlPacket(v3.Publish).(*v3.PublishPacket)
	message.Qos, message.TopicName, message.MessageID = 1, ingest.ProbeTopic, 1
	for _, leg := range []struct {
		step string
		send v3.ControlPacket
		want byte
	}{{"CONNECT", hello, v3.Connack}, {"PUBLISH", message, v3.Puback}} {
		if err := exchange(nc, leg.send, leg.want); err != nil {
			if ctx.Err() != nil {
				err = ctx.Err()
			}
			return leg.step, err
		}
	}
	return "", v3.NewControlPacket(v3.Disconnect).Write(nc)
}

// exchange sends a packet and reads its answer.
func exchange(nc net.Conn, p v3.ControlPacket, want byte) error {
	if err := p.Write(nc); err != nil {
		return err
	}
	answer, err := v3.ReadPacket(nc)
	if err != nil {
		return err
	}
	switch got := answer.(type) {
	case *v3.ConnackPacket:
		if want == v3.Connack && got.ReturnCode == v3.Accepted {
			return nil
		}
		return fmt.Errorf("answered %d", got.ReturnCode)
	case *v3.PubackPacket:
		if want == v3.Puback {
			return nil
		}
	}
	return fmt.Errorf("unexpected answer %T", answer)
}
