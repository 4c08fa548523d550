package broker_test

import (
	"testing"

	"presage/internal/broker"
)

// The backlog is what the service has not acknowledged, and goes when it has.
func TestBacklog(t *testing.T) {
	t.Parallel()
	b, m := startBroker(t, nil), newMemory()
	m.setFail(errDown)
	startIngest(t, b, m)
	const messages = 50
	publishAll(t, mustPublisher(t, b), samples(0, messages), messages)
	last := backlog(t, b)
	if last.Messages != messages || last.Last != messages || last.Served != 0 {
		t.Errorf("while the store is away: %+v; want %d messages and none served", last, messages)
	}
	m.setFail(nil)
	m.until(t, "served", func() bool { return backlog(t, b).Served >= last.Last })
	if got := backlog(t, b); got.Messages != 0 || m.rows() != messages {
		t.Errorf("after it: %+v, %d rows", got, m.rows())
	}
}

func backlog(t *testing.T, b *broker.Server) broker.Backlog {
	t.Helper()
	got, err := b.Backlog()
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// What vehicles and gateways publish in foreign formats is waited for as well.
func TestBacklogOfForeignFormats(t *testing.T) {
	t.Parallel()
	b, m := startBroker(t, withFormats), newMemory()
	m.setFail(errDown)
	startFormats(t, b, m)
	for _, topic := range own(vinA) {
		if err := aside(t, b).Publish(t.Context(), topic, []byte("50")); err != nil {
			t.Fatal(err)
		}
	}
	last := backlog(t, b)
	if last.Last != 3 || last.Served != 0 || last.Messages == 0 {
		t.Errorf("while the store is away: %+v; want 3 messages and none served", last)
	}
	m.setFail(nil)
	m.until(t, "served", func() bool { return backlog(t, b).Served >= last.Last })
	if n := m.readings(vinA); n != 3 {
		t.Errorf("%d readings are stored, all are said to be", n)
	}
}
