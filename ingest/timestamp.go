package ingest

import (
	"math"
	"time"
)

// timestamp reads "ts": epoch milliseconds as a number or RFC 3339 as text,
// cut to milliseconds. fault is "" when it is a time that a clock may show.
func (d *decoder) timestamp() (ms int64, fault string, err error) {
	const want = `"ts": want epoch milliseconds or RFC 3339 with its zone`
	switch {
	case d.scan.AtNumber():
		x, ok, err := d.scan.Float()
		if err != nil {
			return 0, "", err
		}
		if !ok {
			return 0, want, nil
		}
		if math.Abs(x) > 1e15 || x < float64(d.oldest) {
			return 0, d.wrongUnit(x, want), nil
		}
		ms = int64(math.Floor(x))
	case d.scan.Peek() == '"':
		text, err := d.scan.String()
		if err != nil {
			return 0, "", err
		}
		t, err := time.Parse(time.RFC3339Nano, string(text))
		if err != nil {
			return 0, want, nil //nolint:nilerr // a fault of the sample, not of the document
		}
		ms = t.UnixMilli()
	default:
		_, err := d.scan.Skip()
		return 0, want, err
	}
	if ms < d.oldest {
		return 0, `"ts": ` + neverSet(time.UnixMilli(d.oldest)), nil
	}
	return ms, "", nil
}

// neverSet is what is wrong with a time before oldest.
func neverSet(oldest time.Time) string {
	return "a time before " + oldest.UTC().Format(time.DateOnly) +
		": a clock that was never set (see ingest.oldest)"
}

// wrongUnit tells why x is not a time in milliseconds. The unit in which it would
// be one is told, and nothing is converted: a clock that was never set may show
// the same figure.
func (d *decoder) wrongUnit(x float64, want string) string {
	for _, u := range [...]struct {
		name string
		ms   float64 // in one of them
	}{{"seconds", 1e3}, {"microseconds", 1e-3}, {"nanoseconds", 1e-6}} {
		if ms := x * u.ms; ms >= float64(d.oldest) && ms <= float64(d.newest) {
			return `"ts" looks like ` + u.name + `: want epoch milliseconds`
		}
	}
	if math.Abs(x) > 1e15 {
		return want
	}
	return `"ts": ` + neverSet(time.UnixMilli(d.oldest))
}
