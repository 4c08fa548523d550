package door

import (
	"bytes"
	"fmt"
	"strings"

	v5 "github.com/eclipse/paho.golang/packets"
	v3 "github.com/eclipse/paho.mqtt.golang/packets"

	"presage/ingest"
)

// filterRequest is one filter of a SUBSCRIBE.
type filterRequest struct {
	filter   string
	qos      byte
	retained bool // the client wants what is retained
}

// maxFilters bounds the filters of one packet: a client needs one.
const maxFilters = 1024

func parseSubscribe(version byte, body []byte) (id uint16, requests []filterRequest, err error) {
	if version == mqtt5 {
		p := &v5.Subscribe{Properties: &v5.Properties{}}
		if err = p.Unpack(bytes.NewBuffer(body)); err == nil {
			id = p.PacketID
			for _, s := range p.Subscriptions {
				requests = append(requests, filterRequest{s.Topic, s.QoS, s.RetainHandling != v5.RetainDoNotSend})
			}
		}
	} else {
		p := &v3.SubscribePacket{}
		p.RemainingLength = len(body)
		if err = p.Unpack(bytes.NewBuffer(body)); err == nil {
			id = p.MessageID
			for i, topic := range p.Topics {
				requests = append(requests, filterRequest{topic, p.Qoss[i], true})
			}
		}
	}
	if err == nil && (id == 0 || len(requests) == 0 || len(requests) > maxFilters) {
		err = fmt.Errorf("%d filters", len(requests))
	}
	if err != nil {
		err = fmt.Errorf("%w: SUBSCRIBE: %w", errMalformed, err)
	}
	return id, requests, err
}

func parseUnsubscribe(version byte, body []byte) (id uint16, filters []string, err error) {
	if version == mqtt5 {
		p := &v5.Unsubscribe{Properties: &v5.Properties{}}
		err = p.Unpack(bytes.NewBuffer(body))
		id, filters = p.PacketID, p.Topics
	} else {
		p := &v3.UnsubscribePacket{}
		p.RemainingLength = len(body)
		err = p.Unpack(bytes.NewBuffer(body))
		id, filters = p.MessageID, p.Topics
	}
	if err == nil && (id == 0 || len(filters) == 0 || len(filters) > maxFilters) {
		err = fmt.Errorf("%d filters", len(filters))
	}
	if err != nil {
		err = fmt.Errorf("%w: UNSUBSCRIBE: %w", errMalformed, err)
	}
	return id, filters, err
}

// subscribe grants the vehicle's own command topic and nothing else.
func (c *conn) subscribe(body []byte) error {
	id, requests, err := parseSubscribe(c.version, body)
	if err != nil {
		return err
	}
	codes := make([]byte, len(requests))
	granted := -1
	for i, w := range requests {
		if codes[i] = c.grant(w); codes[i] < 0x80 {
			granted = i
		} else {
			c.server.metrics.refused.WithLabelValues("subscription").Inc()
		}
	}
	if granted >= 0 {
		c.session.subscribe(codes[granted])
		c.server.keepSession(c.ctx, c.session)
	}
	c.out.send(suback(c.version, 0x90, id, codes))
	if granted >= 0 {
		c.delivery.begin(codes[granted], requests[granted].retained)
	}
	return nil
}

func (c *conn) grant(w filterRequest) byte {
	switch {
	case c.user.vin == "" || !strings.EqualFold(w.filter, ingest.CommandTopic(c.user.vin)):
		if c.version == mqtt5 {
			return reasonNotAuthorized
		}
		return 0x80
	case w.qos > 2:
		return 0x80
	}
	return min(w.qos, 1)
}

func (c *conn) unsubscribe(body []byte) error {
	id, filters, err := parseUnsubscribe(c.version, body)
	if err != nil {
		return err
	}
	codes := make([]byte, len(filters))
	for i, filter := range filters {
		codes[i] = reasonNoSubscription
		if c.user.vin != "" && strings.EqualFold(filter, ingest.CommandTopic(c.user.vin)) && c.session.unsubscribe() {
			codes[i] = reasonSuccess
			c.delivery.end()
			c.server.keepSession(c.ctx, c.session)
		}
	}
	if c.version != mqtt5 {
		codes = nil
	}
	c.out.send(suback(c.version, 0xb0, id, codes))
	return nil
}

// suback is a SUBACK or UNSUBACK.
func suback(version, first byte, id uint16, codes []byte) []byte {
	body := []byte{byte(id >> 8), byte(id)}
	if version == mqtt5 {
		body = append(body, 0) // no properties
	}
	body = append(body, codes...)
	return append(appendLength([]byte{first}, len(body)), body...)
}

// appendLength adds a variable byte integer.
func appendLength(b []byte, n int) []byte {
	for n > 0x7f {
		b = append(b, byte(n)|0x80)
		n >>= 7
	}
	return append(b, byte(n))
}
