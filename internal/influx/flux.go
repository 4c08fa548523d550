package influx

import (
	"fmt"
	"math"
	"strings"
	"time"

	"presage"
)

// quote writes s as a Flux string. Everything but plain characters is escaped
// byte by byte, so that no name can end the string or start a ${...}.
func quote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i := range len(s) {
		switch c := s[i]; {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', strings.IndexByte("._-/ []", c) >= 0:
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, `\x%02x`, c)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// from starts a query over [start, stop), in Unix nanoseconds, of all vehicles
// or of one, and of all fields or of some. The filters stand where both
// InfluxDB versions push them down to the storage.
func (s *Store) from(start, stop int64, vin presage.VIN, signals []string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "from(bucket: %s)\n  |> range(start: %s, stop: %s)\n  |> filter(fn: (r) => (%s)",
		quote(s.config.Bucket), instant(start), instant(stop), wanted(signals))
	if vin != "" {
		fmt.Fprintf(&b, " and r.%s == %s", vinTag, quote(string(vin)))
	}
	b.WriteString(")\n")
	b.WriteString(exactRange(start, stop))
	return b.String()
}

// wanted is the condition of what a query is about: the named signals, or all.
func wanted(signals []string) string {
	if len(signals) == 0 {
		return fmt.Sprintf("r._measurement == %s or r._measurement == %s or r._measurement == %s",
			quote(telemetry), quote(prognosis), quote(rollup))
	}
	var measured, own []string
	for _, name := range signals {
		p := placeOf(name)
		if p.measurement == telemetry {
			measured = append(measured, "r._field == "+quote(p.field))
			continue
		}
		condition := fmt.Sprintf("(r._measurement == %s and r._field == %s", quote(p.measurement), quote(p.field))
		if p.component != "" {
			condition += fmt.Sprintf(" and r.%s == %s", componentTag, quote(p.component))
		}
		own = append(own, condition+")")
	}
	if len(measured) > 0 {
		own = append(own, fmt.Sprintf("(r._measurement == %s and (%s))", quote(telemetry), strings.Join(measured, " or ")))
	}
	return strings.Join(own, " or ")
}

// exactRange is the range again as a filter where InfluxDB 1.8 needs it: its
// storage takes a start at or before 1970 for the beginning of time, and a stop
// at or before 1970 for the end of time.
func exactRange(start, stop int64) string {
	if stop > 0 && (start > 0 || start == minInstant) {
		return ""
	}
	return timeFilter(start, stop)
}

func timeFilter(start, stop int64) string {
	return fmt.Sprintf("  |> filter(fn: (r) => r._time >= %s and r._time < %s)\n", instant(start), instant(stop))
}

func instant(ns int64) string { return time.Unix(0, ns).UTC().Format(time.RFC3339Nano) }

// The times that InfluxDB can hold, with room for the end of a range.
const (
	minInstant = math.MinInt64 + 1e9
	maxInstant = math.MaxInt64 - 1e9
)

// nanos is t in Unix nanoseconds, clamped to what InfluxDB can hold.
func nanos(t time.Time) int64 {
	switch {
	case t.Before(time.Unix(0, minInstant)):
		return minInstant
	case t.After(time.Unix(0, maxInstant)):
		return maxInstant
	}
	return t.UnixNano()
}
