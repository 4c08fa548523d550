package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"time"

	"github.com/eclipse/paho.mqtt.golang/packets"

	"presage"
)

// errRefused: the door said no.
var errRefused = errors.New("refused")

// caller is a client that speaks MQTT by hand.
type caller struct {
	address string
	vin     presage.VIN
	id      string
	within  time.Duration // bounds all that the connection does
	stays   bool          // its session is to stay when it is gone
}

// dial connects and logs in.
func (k caller) dial(ctx context.Context) (net.Conn, error) {
	d := net.Dialer{Timeout: k.within}
	c, err := d.DialContext(ctx, "tcp", k.address)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(c.SetDeadline(time.Now().Add(k.within)), k.hello(c)); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return c, nil
}

// hello sends CONNECT and reads the answer.
func (k caller) hello(c net.Conn) error {
	p, ok := packets.NewControlPacket(packets.Connect).(*packets.ConnectPacket)
	if !ok {
		return errRefused
	}
	p.ProtocolName, p.ProtocolVersion, p.Keepalive = "MQTT", 4, 60
	p.ClientIdentifier, p.UsernameFlag, p.Username, p.CleanSession = k.id, true, string(k.vin), !k.stays
	if err := p.Write(c); err != nil {
		return err
	}
	answer, err := packets.ReadPacket(c)
	if err != nil {
		return err
	}
	if ack, ok := answer.(*packets.ConnackPacket); !ok || ack.ReturnCode != packets.Accepted {
		return fmt.Errorf("%w: %v", errRefused, answer)
	}
	return nil
}

// publishRaw sends one message with QoS 1 and reads nothing.
func publishRaw(c io.Writer, id uint16, topic string, payload []byte) error {
	p, ok := packets.NewControlPacket(packets.Publish).(*packets.PublishPacket)
	if !ok {
		return errRefused
	}
	p.Qos, p.MessageID, p.TopicName, p.Payload = 1, id, topic, payload
	return p.Write(c)
}

// acknowledgement reads to the next PUBACK.
func acknowledgement(c io.Reader) error {
	for {
		p, err := packets.ReadPacket(c)
		if err != nil {
			return err
		}
		if _, ok := p.(*packets.PubackPacket); ok {
			return nil
		}
	}
}
