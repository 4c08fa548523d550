package ingest

import (
	"strings"
	"time"

	"presage"
)

// Message is what arrived on a topic.
type Message struct {
	Topic string
	// Payload belongs to the pipeline from Submit on: events and dead letters keep it.
	Payload []byte
	// Size is how many bytes the payload had, when Payload is only the head of
	// one above Config.MaxPayload; 0 otherwise. It becomes a letter too_large.
	Size     int64
	Received time.Time // the arrival that event times are judged by
	// First is when a dead letter that is driven again had arrived; zero otherwise.
	First time.Time
	// Sent is when it was probably sent, for one that the broker kept while nobody
	// took it over, and Within how far that may be off; zero: it came live.
	Sent   time.Time
	Within time.Duration
	// Retained says that the broker had kept it from an earlier time.
	Retained bool
	// Ack is called exactly once, in submission order, after everything in the
	// message is durable. It may be nil.
	Ack func()
	// Told is called instead of Ack, at the same moment, if it is set: it hears
	// what became of the message as well. SubmitAll calls neither.
	Told func(Outcome)
}

// Outcome is what became of a message, once it is durable.
type Outcome struct {
	Samples int     // stored
	Events  int     // stored
	Faults  []Fault // one for each dead letter that was written
}

// Arrival is when the message came for the first time, or would have come live:
// the time of a reading that carries none.
func (m Message) Arrival() time.Time {
	switch {
	case !m.First.IsZero():
		return m.First
	case !m.Sent.IsZero():
		return m.Sent
	}
	return m.Received
}

// Source is who submits many messages at a time (see Pipeline.SubmitAll).
type Source interface {
	// Durable says that everything in the oldest n messages of those that were
	// submitted and not named yet is durable. It must not block.
	Durable(n int)
}

// TopicPrefix begins every topic of the contract; the VIN follows.
const TopicPrefix = "presage/v1/"

// topicKind is the last level of a topic.
type topicKind string

const (
	topicTelemetry topicKind = "telemetry"
	topicEvent     topicKind = "event"
)

// parseTopic takes presage/v1/{vin}/telemetry|event apart. The VIN is told, if
// there is one, whatever else is wrong: letters are bounded by it.
func parseTopic(topic string) (presage.VIN, topicKind, error) {
	rest, ok := strings.CutPrefix(topic, TopicPrefix)
	id, kind, found := strings.Cut(rest, "/")
	vin, err := presage.ParseVIN(id)
	switch {
	case !ok || !found || kind != string(topicTelemetry) && kind != string(topicEvent):
		return vin, "", refuse(ReasonBadTopic, "want presage/v1/{vin}/telemetry or presage/v1/{vin}/event")
	case err != nil:
		return "", "", refuse(ReasonWrongVIN, err.Error())
	}
	return vin, topicKind(kind), nil
}

// TelemetryTopic is where vin publishes samples.
func TelemetryTopic(vin presage.VIN) string { return TopicPrefix + string(vin) + "/telemetry" }

// EventTopic is where vin publishes events.
func EventTopic(vin presage.VIN) string { return TopicPrefix + string(vin) + "/event" }

// CommandTopic is where vin receives commands.
func CommandTopic(vin presage.VIN) string { return TopicPrefix + string(vin) + "/command" }

// origin is what a topic says.
type origin struct {
	vin  presage.VIN
	kind topicKind
}

const (
	// A decoder remembers maxTopics topics of at most cachedTopic bytes: with
	// spaces around the VIN one may be far longer.
	maxTopics   = 1 << 16
	cachedTopic = 128
	// longestTopic is above that of any format. A VIN is a piece of its topic,
	// which stays in memory with it.
	longestTopic = 512
)

// topic is parseTopic, once for each topic.
func (d *decoder) topic(topic string) (presage.VIN, topicKind, error) {
	if o, ok := d.topics[topic]; ok {
		return o.vin, o.kind, nil
	}
	vin, kind, err := parseTopic(topic)
	if err != nil {
		return vin, "", err
	}
	if len(topic) > cachedTopic {
		return vin, kind, nil
	}
	if len(d.topics) >= maxTopics {
		clear(d.topics)
	}
	d.topics[topic] = origin{vin, kind}
	return vin, kind, nil
}
