package door_test

import (
	"testing"

	"presage/ingest"
)

func TestWills(t *testing.T) {
	t.Parallel()
	m := newMemory()
	s := startDoor(t, m, withFormats)
	for topic, will := range map[string]string{
		ingest.TelemetryTopic(vinA): string(sample(1)), "presage/v1/" + string(vinA) + "/status": "offline",
		ingest.TelemetryTopic(vinB): string(sample(2)), "presage/v1/" + string(vinB) + "/status": "offline",
		own(vinA)[0]: "50", "elsewhere": "x",
	} {
		c := dial(t, s)
		c.connect(hello{vin: vinA, willTopic: topic, will: will})
		_ = c.nc.Close()
	}
	gone := dial(t, s)
	gone.connect(hello{vin: vinA, willTopic: ingest.TelemetryTopic(vinA), will: string(sample(3))})
	gone.write(0xe0, 0) // says goodbye: its will is void
	gone.ended()
	m.until(t, "A's wills", func() bool {
		m.mu.Lock()
		defer m.mu.Unlock()
		return m.values[vinA] == 2 && len(m.events) == 1
	})
	if e := m.events[0]; e.VIN != vinA || e.Type != "connection_lost" {
		t.Errorf("event %s of %s", e.Type, e.VIN.Masked())
	}
	if m.values[vinB] != 0 || len(m.deadLetters()) != 0 {
		t.Errorf("%d readings of B, letters %+v", m.values[vinB], m.deadLetters())
	}
}
