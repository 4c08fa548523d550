package simulator

import (
	"math"

	"presage"
)

// Mends tells whether a visit mends the car at once, which nobody in the service may
// know before its result: by how able the technician is for the job, and by a gift for
// it that no level shows. A logistic law of the simulator's own: 90 of 100 where the
// level is just enough, 76 a level below, 96 a level above, each moved by the gift.
func (w *World) Mends(b presage.Booking) bool {
	worst := 1.0
	for _, code := range b.Jobs {
		needed := 1
		if job, err := w.catalogue.Job(code); err == nil {
			needed = max(needed, job.Level)
		}
		gift := 0.5 * w.draw("gift", b.TechnicianID+"|"+code).NormFloat64()
		worst = math.Min(worst, 1/(1+math.Exp(-(2.2+1.05*float64(w.levelOf(b.TechnicianID)-needed)+gift))))
	}
	return w.draw("mends", b.ID).Float64() < worst
}

// levelOf is the level of a technician, 1 where nobody says.
func (w *World) levelOf(id string) int {
	for _, shop := range w.cast.Workshops {
		for _, t := range shop.Technicians {
			if t.ID == id {
				return max(1, t.Level)
			}
		}
	}
	return 1
}
