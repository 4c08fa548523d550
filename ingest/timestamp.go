package ingest

import (
	"math"
	"time"
)

// timestamp reads "ts": epoch milliseconds as a number or RFC 3339 as text,
// cut to milliseconds. fault is "" when it is a time that a clock may show.
func (d *decoder) timestamp() (ms int64, fault string, err error) {
	const want = `"ts": want epoch milliseconds or RFC 3339`
	switch {
	case d.scan.AtNumber():
		x, ok, err := d.scan.Float()
		if err != nil {
			return 0, "", err
		}
		if !ok || math.Abs(x) > 1e15 {
			return 0, want, nil
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
		return 0, `"ts" is before the year 2000: seconds instead of milliseconds, or a clock that was never set`, nil
	}
	return ms, "", nil
}
