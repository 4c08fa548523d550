package tesla

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"presage"
	"presage/ingest"
)

// maxName bounds the name of an alert or error, in bytes: it becomes the
// event's code.
const maxName = 64

// Types of the events that the dispatcher's messages become.
const (
	TypeAlert        = "alert"        // at its start; the code is its name
	TypeAlertEnd     = "alert_end"    // at its end; the code is its name
	TypeConnectivity = "connectivity" // the code is CONNECTED or DISCONNECTED
	TypeError        = "error"        // of the telematics client; the code is its name
)

// alerts reads the present state of an alert, or the list of its past ones.
func alerts(out *ingest.Decoded, name string, history bool, m ingest.Message) error {
	if err := checkName(name); err != nil {
		return err
	}
	list := []json.RawMessage{m.Payload}
	if history {
		if err := json.Unmarshal(m.Payload, &list); err != nil {
			return refuse(ingest.ReasonMalformed, "alert %q: want a list of alerts: %v", name, err)
		}
	}
	for _, raw := range list {
		var alert *struct{ StartedAt, EndedAt *time.Time }
		if err := json.Unmarshal(raw, &alert); err != nil || alert == nil {
			bad := fmt.Sprintf(`alert %q: want {"StartedAt":<RFC 3339>,"EndedAt":...}`, name)
			if len(list) == 1 {
				return refuse(ingest.ReasonMalformed, "%s", bad)
			}
			out.Faults = append(out.Faults, ingest.Fault{Reason: ingest.ReasonBadValue, Detail: bad, Count: 1})
			continue
		}
		if alert.StartedAt == nil && alert.EndedAt == nil {
			out.Faults = append(out.Faults, ingest.Fault{
				Reason: ingest.ReasonMissingTime, Detail: "an alert with neither StartedAt nor EndedAt", Count: 1,
			})
			continue
		}
		if alert.StartedAt != nil {
			out.Events = append(out.Events, event(out.VIN, *alert.StartedAt, TypeAlert, name, raw))
		}
		if alert.EndedAt != nil {
			out.Events = append(out.Events, event(out.VIN, *alert.EndedAt, TypeAlertEnd, name, raw))
		}
	}
	return nil
}

// connectivity reads a change of the vehicle's connection.
func connectivity(out *ingest.Decoded, m ingest.Message) error {
	var doc struct {
		Status    string
		CreatedAt *time.Time
	}
	if err := json.Unmarshal(m.Payload, &doc); err != nil {
		return refuse(ingest.ReasonMalformed, `connectivity: want {"Status":...,"CreatedAt":<RFC 3339>}`)
	}
	switch {
	case doc.CreatedAt == nil:
		return refuse(ingest.ReasonMissingTime, "connectivity: CreatedAt is missing")
	case checkName(doc.Status) != nil:
		return refuse(ingest.ReasonBadValue, "connectivity: Status: want CONNECTED or DISCONNECTED")
	}
	out.Events = []presage.Event{event(out.VIN, *doc.CreatedAt, TypeConnectivity, doc.Status, m.Payload)}
	return nil
}

// clientError reads an error that the vehicle's telematics client reports. One
// without a time happened when it arrived.
func clientError(out *ingest.Decoded, name string, m ingest.Message) error {
	if err := checkName(name); err != nil {
		return err
	}
	var doc *struct{ CreatedAt *time.Time }
	if err := json.Unmarshal(m.Payload, &doc); err != nil || doc == nil {
		return refuse(ingest.ReasonMalformed, `error %q: want {"Body":...,"Tags":{...},"CreatedAt":<RFC 3339>}`, name)
	}
	if doc.CreatedAt == nil {
		if m.Retained {
			return nil // of unknown age
		}
		at := m.Arrival()
		doc.CreatedAt = &at
	}
	out.Events = []presage.Event{event(out.VIN, *doc.CreatedAt, TypeError, name, m.Payload)}
	return nil
}

func event(vin presage.VIN, at time.Time, kind, code string, data json.RawMessage) presage.Event {
	return presage.Event{VIN: vin, Time: at.UTC().Truncate(time.Millisecond), Type: kind, Code: code, Data: data}
}

func checkName(name string) error {
	bad := func(r rune) bool { return r <= ' ' || r == 0x7f || r == utf8.RuneError }
	if name == "" || len(name) > maxName || strings.ContainsFunc(name, bad) {
		return refuse(ingest.ReasonBadValue, "a name of %d bytes: want 1 to %d without spaces", len(name), maxName)
	}
	return nil
}
