package simulator

import (
	"hash/fnv"
	"math"
	"math/rand/v2"
	"time"
)

// Shipment is pieces that a supplier delivers at once.
type Shipment struct {
	At     time.Time
	Pieces int
	// Told is when the supplier names the day, zero for never: many say nothing and come late.
	Told time.Time
}

// How suppliers keep their word.
const (
	supplierEarly = 0.06 // of the lines come a day or two before the day promised
	supplierLate  = 0.18 // come later, by lateDays in the middle, rarely by weeks
	supplierTells = 0.4  // of the late ones say so when the day comes near
	supplierSplit = 0.1  // of the lines come in two parts, the rest as a back-order
	lateDays      = 3.0
	lateSpread    = 0.8 // of the logarithm
	mostLateDays  = 28.0
)

// Shipments is how a line of an order will be delivered: most of it on the day
// promised, before the workshops open, some late, and now and then in two parts. The
// same line is always delivered alike, whoever asks and how often.
func (w *World) Shipments(line string, placed, promised time.Time, pieces int) []Shipment {
	h := fnv.New64a()
	_, _ = h.Write([]byte(line))                         // a hash takes everything
	r := rand.New(rand.NewPCG(w.seed^0x5091, h.Sum64())) //nolint:gosec // reproducible, no secret
	at, told := promised.Add(-time.Duration(r.Float64()*float64(8*time.Hour))), time.Time{}
	late := func() time.Duration {
		return time.Duration(min(lateDays*math.Exp(lateSpread*r.NormFloat64()), mostLateDays) * 24 * float64(time.Hour))
	}
	switch u := r.Float64(); {
	case u < supplierEarly:
		at = at.AddDate(0, 0, -1-r.IntN(2))
	case u < supplierEarly+supplierLate:
		at = at.Add(late())
		if r.Float64() < supplierTells {
			told = promised.AddDate(0, 0, -1)
		}
	}
	at, told = later(at, placed.Add(time.Hour)), later(told, placed)
	if told.Equal(placed) {
		told = time.Time{}
	}
	if pieces < 2 || r.Float64() >= supplierSplit {
		return []Shipment{{At: at, Pieces: pieces, Told: told}}
	}
	first := pieces/2 + pieces%2
	return []Shipment{{At: at, Pieces: first, Told: told}, {At: at.Add(late()), Pieces: pieces - first}}
}

func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}
