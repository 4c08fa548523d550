package ovms

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"presage"
	"presage/ingest"
)

// maxCode bounds the subtype of a notification and the name of an event, in
// bytes: they become the event's code.
const maxCode = 64

// Types of the events that the module's messages become.
const (
	TypeAlert = "alert" // the code is the subtype, e.g. "charge.stopped"
	TypeError = "error"
	TypeInfo  = "info"
	TypeData  = "data" // a historical record
	TypeOwn   = "ovms" // an event of the module, e.g. "vehicle.charge.start"
)

// maxAge bounds how old a historical record may say to be.
const maxAge = 366 * 24 * time.Hour

// notify reads notify/<type>/<subtype>. Its text is kept as {"text":...}.
func notify(out *ingest.Decoded, rest string, m ingest.Message) error {
	if m.Retained {
		return nil // of unknown age
	}
	kind, subtype, _ := strings.Cut(rest, "/")
	at := m.Arrival()
	switch kind {
	case TypeAlert, TypeError, TypeInfo:
	case TypeData:
		levels := strings.Split(subtype, "/")
		if len(levels) < 3 {
			return refuse(ingest.ReasonBadTopic, "want notify/data/<subtype>/<number>/<seconds ago>")
		}
		age, err := strconv.Atoi(levels[len(levels)-1])
		if err != nil || age > 0 || age < -int(maxAge/time.Second) {
			return refuse(ingest.ReasonBadValue, "notify/data: the last level: want seconds before now, 0 to a year, as -s")
		}
		at = at.Add(time.Duration(age) * time.Second)
		subtype = strings.Join(levels[:len(levels)-2], "/")
	default:
		return refuse(ingest.ReasonBadTopic, "want notify/alert, error, info or data")
	}
	return put(out, at, kind, strings.ReplaceAll(subtype, "/", "."), m.Payload)
}

func put(out *ingest.Decoded, at time.Time, kind, code string, text []byte) error {
	bad := func(r rune) bool { return r <= ' ' || r == 0x7f || r == utf8.RuneError }
	if code == "" || len(code) > maxCode || strings.ContainsFunc(code, bad) {
		return refuse(ingest.ReasonBadValue, "%s: a name of %d bytes: want 1 to %d without spaces", kind, len(code), maxCode)
	}
	data := []byte("{}")
	if len(text) > 0 {
		var err error
		if data, err = json.Marshal(map[string]string{"text": string(text)}); err != nil {
			return refuse(ingest.ReasonBadValue, "%s %q: %v", kind, code, err)
		}
	}
	out.Events = append(out.Events, presage.Event{
		VIN: out.VIN, Time: at.UTC().Truncate(time.Millisecond), Type: kind, Code: code, Data: data,
	})
	return nil
}
