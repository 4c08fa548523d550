package influx

import "presage"

// Encoder turns samples into the lines that a Store writes, with memory that
// is used again, for tests and benchmarks without a server.
type Encoder struct{ b *batch }

// NewEncoder returns an Encoder.
func NewEncoder() *Encoder { return &Encoder{newBatch()} }

// Encode returns samples as line protocol with times in milliseconds, good
// until the next call. What cannot be encoded is in the RejectedError, nil if
// there is none, everything else in the text.
func (e *Encoder) Encode(samples []presage.Sample) ([]byte, *RejectedError) {
	var w writing
	e.b.reset()
	for i := range samples {
		w.add(e.b, &samples[i])
	}
	return e.b.text, w.rejected
}
