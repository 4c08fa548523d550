package recorded

import (
	"iter"
	"math"
	"strconv"
	"time"
)

const (
	batchSpan  = 10 * 60 * 1000 // ms that a message covers at most
	batchBytes = 512 << 10      // half of what the telemetry contract allows
)

// Messages yields the recording in time order; the first error ends it. It
// reads the files anew each time.
func (r *Reader) Messages() iter.Seq2[Message, error] {
	return func(yield func(Message, error) bool) {
		r.counts = Counts{}
		b := batch{topic: "presage/v1/" + string(r.o.VIN) + "/telemetry", rows: r.o.BatchRows}
		for x, err := range r.tidy() {
			if err != nil {
				if b.n == 0 || yield(b.message(), nil) {
					yield(Message{}, err)
				}
				return
			}
			if b.n > 0 && (b.n >= b.rows || x.at-b.first > batchSpan || len(b.body) > batchBytes) {
				if !yield(b.message(), nil) {
					return
				}
			}
			if !b.add(x.at, func(body []byte) []byte { return r.source.encode(body, x) }) {
				r.counts.Blank++
			}
		}
		if b.n > 0 {
			yield(b.message(), nil)
		}
	}
}

// tidy shifts the rows to the start, counts them and gives every row that is
// not a repeat an instant of its own.
func (r *Reader) tidy() iter.Seq2[row, error] {
	return func(yield func(row, error) bool) {
		var last row
		var shift int64
		for x, err := range r.source.rows() {
			if err != nil {
				yield(row{}, err)
				return
			}
			if r.counts.Rows == 0 && !r.o.Start.IsZero() {
				shift = r.o.Start.UnixMilli() - x.at
			}
			x.at += shift
			repeat := r.counts.Rows > 0 && x.at <= last.at && alike(x.values, last.values)
			if repeat {
				x.at = last.at
			} else {
				if r.counts.Rows > 0 && x.at <= last.at {
					x.at = last.at + 1
					r.counts.Moved++
				}
				r.counts.Distinct++
			}
			r.counts.Rows++
			r.counts.Missing += missing(x.values)
			last.at, last.values = x.at, append(last.values[:0], x.values...)
			if !yield(x, nil) {
				return
			}
		}
	}
}

// alike tells whether two rows hold the same readings.
func alike(a, b []float64) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] && !(math.IsNaN(a[i]) && math.IsNaN(b[i])) {
			return false
		}
	}
	return true
}

func missing(values []float64) int {
	n := 0
	for _, x := range values {
		if math.IsNaN(x) {
			n++
		}
	}
	return n
}

// batch is the message that is being filled.
type batch struct {
	topic       string
	rows        int
	body        []byte
	n           int
	first, last int64 // ms
}

// add appends a row; false when it holds no reading at all.
func (b *batch) add(at int64, signals func([]byte) []byte) bool {
	before := len(b.body)
	if b.n > 0 {
		b.body = append(b.body, ',')
	}
	b.body = append(b.body, `{"ts":`...)
	b.body = strconv.AppendInt(b.body, at, 10)
	b.body = append(b.body, `,"signals":{`...)
	empty := len(b.body)
	b.body = signals(b.body)
	if len(b.body) == empty {
		b.body = b.body[:before]
		return false
	}
	b.body = append(b.body, '}', '}')
	if b.n == 0 {
		b.first = at
	}
	b.n++
	b.last = at
	return true
}

// message takes the batch out.
func (b *batch) message() Message {
	payload := make([]byte, 0, len(b.body)+len(`{"samples":[]}`))
	payload = append(append(append(payload, `{"samples":[`...), b.body...), ']', '}')
	m := Message{Topic: b.topic, Payload: payload, At: time.UnixMilli(b.last).UTC(), Rows: b.n}
	b.body, b.n = b.body[:0], 0
	return m
}
