package ingest

import (
	"slices"
	"strings"
	"time"

	"presage"
)

const (
	// maxRefusals is how many reasons of a store are told apart in one message
	// or vehicle; what is beyond is kept together.
	maxRefusals = 8
	// letterBytes is about how much of refused samples one letter holds.
	letterBytes = 256 << 10
)

// refusal is samples that a store refused for one reason.
type refusal struct {
	kind    string // the reason without its figures: times and counts differ
	detail  string // the first one's, as it came
	samples []presage.Sample
}

// refusals are few, in the order of their first sample.
type refusals []refusal

// split takes the readings of s that are refused, by the reasons of their
// signals, and returns the others.
func (rs *refusals) split(s presage.Sample, refused map[string]string) (good presage.Sample) {
	if len(refused) == 0 {
		return s
	}
	good = s
	good.Readings = nil
	for _, r := range s.Readings {
		if reason, bad := refused[r.Signal]; bad {
			rs.add(s, r, reason)
		} else {
			good.Readings = append(good.Readings, r)
		}
	}
	return good
}

func (rs *refusals) add(s presage.Sample, r presage.Reading, reason string) {
	kind := withoutFigures(reason)
	i := slices.IndexFunc(*rs, func(x refusal) bool { return x.kind == kind })
	switch {
	case i >= 0:
	case len(*rs) < maxRefusals:
		i = len(*rs)
		*rs = append(*rs, refusal{kind: kind, detail: reason})
	default:
		i = len(*rs) - 1
		(*rs)[i].detail = "for several reasons, of which one is: " + strings.TrimPrefix((*rs)[i].detail,
			"for several reasons, of which one is: ")
	}
	in := &(*rs)[i]
	if n := len(in.samples); n > 0 && in.samples[n-1].VIN == s.VIN && in.samples[n-1].Time.Equal(s.Time) {
		in.samples[n-1].Readings = append(in.samples[n-1].Readings, r)
		return
	}
	s.Readings = []presage.Reading{r}
	in.samples = append(in.samples, s)
}

// withoutFigures is a reason with # for each run of digits, cut to detailBytes.
func withoutFigures(reason string) string {
	var b strings.Builder
	last := byte(0)
	for i := range min(len(reason), detailBytes) {
		c := reason[i]
		if c >= '0' && c <= '9' {
			c = '#'
		}
		if c != '#' || last != '#' {
			b.WriteByte(c)
		}
		last = c
	}
	return b.String()
}

// RejectedLetters are the dead letters of readings that the telemetry store
// refused after their messages had been acknowledged: documents of their own,
// in the native format, that Redrive can send through again. Those of a vehicle
// that were refused for the same reason are in one letter of letterBytes, or as
// many as it takes.
func RejectedLetters(rejected *presage.RejectedError, at time.Time) []presage.DeadLetter {
	byVehicle := map[presage.VIN]*refusals{}
	var order []presage.VIN
	for i, s := range rejected.Samples {
		rs, known := byVehicle[s.VIN]
		if !known {
			rs = new(refusals)
			byVehicle[s.VIN], order = rs, append(order, s.VIN)
		}
		for _, r := range s.Readings {
			rs.add(s, r, rejected.ReasonOf(i))
		}
	}
	var letters []presage.DeadLetter
	for _, vin := range order {
		for _, r := range *byVehicle[vin] {
			for part := range parts(r.samples) {
				letters = append(letters, presage.DeadLetter{
					VIN: vin, Received: at, Topic: TelemetryTopic(vin), Payload: document(part),
					Reason: ReasonStoreRejected, Detail: bounded(r.detail),
				})
			}
		}
	}
	return letters
}

// parts are runs of samples of about letterBytes each.
func parts(samples []presage.Sample) func(yield func([]presage.Sample) bool) {
	return func(yield func([]presage.Sample) bool) {
		for first := 0; first < len(samples); {
			next, size := first, 0
			for next < len(samples) && (next == first || size < letterBytes) {
				size += Decoded{Samples: samples[next : next+1]}.size()
				next++
			}
			if !yield(samples[first:next]) {
				return
			}
			first = next
		}
	}
}
