package mapped

import (
	"math"
	"time"

	"presage"
	"presage/ingest/internal/fieldtable"
)

// when is where the time of a sample stands.
type when struct {
	at   path    // of a time or an age; nil for the arrival
	age  bool    // at is how long before the arrival
	unit float64 // milliseconds of one; 0 is RFC 3339
}

// find is what says the time of element, in it or in the document around it.
// What has no age is fresh.
func (w when) find(element, doc any) (raw any, ok bool) {
	if w.at == nil {
		return nil, false
	}
	if raw, ok = w.at.in(element); !ok {
		raw, ok = w.at.in(doc)
	}
	return raw, ok
}

// of is the time of element; own says that it has one, and not the arrival's.
func (w when) of(element, doc any, arrival time.Time) (at time.Time, own bool, fault string) {
	raw, own := w.find(element, doc)
	if !own && (w.at == nil || w.age) {
		return arrival, false, ""
	}
	at, fault = w.read(raw, own, arrival)
	return at, true, fault
}

func (w when) read(raw any, ok bool, arrival time.Time) (at time.Time, fault string) {
	switch {
	case !ok:
		return at, "no time at the path that the mapping names"
	case w.unit == 0:
		return instant(raw)
	}
	x, ok := number(raw)
	if !ok {
		return at, "the time is not a number"
	}
	ms := math.Floor(x * w.unit)
	switch {
	case math.Abs(ms) > 1e15:
		return at, "the time is out of range: is its unit right?"
	case w.age:
		return arrival.Add(-time.Duration(min(max(ms, 0), 1e12)) * time.Millisecond), ""
	}
	return time.UnixMilli(int64(ms)), ""
}

func instant(raw any) (at time.Time, fault string) {
	text, _ := raw.(string)
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return at, "the time is not RFC 3339"
	}
	return at, ""
}

// number is a finite number, as such or as text.
func number(raw any) (float64, bool) {
	v, present, fault := value(raw)
	switch {
	case !present || fault != "":
		return 0, false
	case v.Kind == presage.KindString:
		return fieldtable.ParseNumber(v.Text)
	}
	return v.Number, v.Kind == presage.KindNumber
}
