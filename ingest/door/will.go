package door

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"time"

	v5 "github.com/eclipse/paho.golang/packets"

	"presage/ingest"
)

// will is what a client wants to be said when it vanishes.
type will struct {
	topic   string
	payload []byte
	delay   time.Duration
}

// parseDisconnect5 reads a DISCONNECT of MQTT 5.
func parseDisconnect5(body []byte) (reason byte, expiry *time.Duration, err error) {
	p := &v5.Disconnect{Properties: &v5.Properties{}}
	if err := p.Unpack(bytes.NewBuffer(body)); err != nil {
		return 0, nil, &protocolError{reasonMalformed, "DISCONNECT"}
	}
	if s := p.Properties.SessionExpiryInterval; s != nil {
		d := time.Duration(*s) * time.Second
		expiry = &d
	}
	return p.ReasonCode, expiry, nil
}

func disconnect5(reason byte) []byte {
	return encode5(&v5.Disconnect{ReasonCode: reason, Properties: &v5.Properties{}}, v5.DISCONNECT)
}

// willWords is how much of a will that is not a document of ours an event keeps.
const willWords = 256

// publishWill hands a will on once its delay is over and the session has not come
// back. One for a topic that the client may publish to is a message like any
// other; one for another topic below its own VIN, such as the usual
// ".../status", becomes an event of the type "connection_lost"; the rest is
// counted and dropped.
func (s *Server) publishWill(one *session, u user, w will) {
	m, ok := s.willMessage(u, w)
	if !ok {
		s.metrics.refused.WithLabelValues("will").Inc()
		return
	}
	delay := min(w.delay, one.lifetime())
	if delay <= 0 {
		s.submitWill(m)
		return
	}
	changed, back := s.registry.delayWill(one)
	switch {
	case back:
		return
	case changed == nil:
		s.submitWill(m)
		return
	}
	s.wills.Go(func() {
		t := time.NewTimer(delay)
		defer t.Stop()
		due := true
		select {
		case <-t.C:
		case due = <-changed:
		case <-s.closing:
			select {
			case due = <-changed:
			default:
				return
			}
		}
		if due {
			s.submitWill(m)
		}
	})
}

// Of wills that wait for room in the sink, willBytes are kept, willCost being
// that of one beside its payload; further ones are dropped and counted.
const (
	willBytes = 16 << 20
	willCost  = 512
)

// submitWill hands a will on without waiting for it.
func (s *Server) submitWill(m ingest.Message) {
	cost := int64(willCost + len(m.Topic) + len(m.Payload))
	if s.waitingWills.Add(cost) > willBytes {
		s.waitingWills.Add(-cost)
		s.metrics.refused.WithLabelValues("will").Inc()
		return
	}
	s.wills.Go(func() {
		defer s.waitingWills.Add(-cost)
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := s.cfg.Sink.SubmitAll(ctx, []ingest.Message{m}, nobodyWaits{}); err != nil {
			s.warn("a will could not be handed on", "error", err)
		}
	})
}

// willMessage is the message that a will becomes.
func (s *Server) willMessage(u user, w will) (ingest.Message, bool) {
	m := ingest.Message{Topic: w.topic, Payload: w.payload, Received: s.cfg.Now()}
	to := s.routeOf(u, w.topic)
	if to.refused || u.service {
		return m, false
	}
	m.Topic = to.topic
	last := w.topic[strings.LastIndexByte(w.topic, '/')+1:]
	if !strings.HasPrefix(to.topic, ingest.TopicPrefix) || last == "telemetry" || last == "event" {
		return m, true
	}
	text := w.payload[:min(len(w.payload), willWords)]
	document, err := json.Marshal(map[string]any{
		"ts": m.Received.UnixMilli(), "type": "connection_lost", "code": "will",
		"topic": last, "text": strings.ToValidUTF8(string(text), "?"),
	})
	if err != nil || u.vin == "" {
		return m, false
	}
	m.Topic, m.Payload = ingest.EventTopic(u.vin), document
	return m, true
}

// delayWill gives the session a will that waits, at most one: when its client comes
// back it is void, when the session ends it is due. changed is nil when it has
// ended already, back true when the client was faster.
func (r *registry) delayWill(one *session) (changed <-chan bool, back bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case one.elsewhere:
		return nil, true
	case r.owners[one.user.key()][one.clientID] != one:
		return nil, false
	case one.conn != nil:
		return nil, true
	}
	one.will = make(chan bool, 1)
	return one.will, false
}

// endWill ends the waiting of the session's will; the registry's lock is held.
func (s *session) endWill(due bool) {
	if s.will != nil {
		s.will <- due
		s.will = nil
	}
}

// nobodyWaits is the source of a message that nobody sent just now.
type nobodyWaits struct{}

// Durable implements ingest.Source.
func (nobodyWaits) Durable(int) {}
