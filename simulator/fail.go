package simulator

import (
	"math"
	"slices"
	"time"

	"presage"
	"presage/simulator/physics"
)

// limits is where the catalogue says that components have failed.
type limits struct {
	pads   [2]float64 // %, front and rear
	health float64    // share of the capacity when new
	tyre   float64    // share of the placard pressure that may be missing
}

func limitsOf(c *presage.Catalogue) limits {
	read := func(id presage.ComponentID, otherwise float64) float64 {
		if row, err := c.Component(id); err == nil && row.Unit == "%" && row.Limit > 0 && row.Limit <= 100 {
			return row.Limit
		}
		return otherwise
	}
	return limits{
		pads:   [2]float64{read(presage.BrakePadsFront, 100), read(presage.BrakePadsRear, 100)},
		health: read(presage.HVBattery, 70) / 100, tyre: read(presage.TyreLeak, 20) / 100,
	}
}

// fail finds what has given up since yesterday.
func (k *car) fail(t int64) {
	for axle, id := range [...]presage.ComponentID{presage.BrakePadsFront, presage.BrakePadsRear} {
		if k.pads[axle].Worst() >= k.world.limits.pads[axle] {
			k.breakDown(id, t)
		}
	}
	if k.pack != nil && (k.pack.Health() < k.world.limits.health || k.pack.Lag() > physics.CellLimit) {
		k.breakDown(presage.HVBattery, t)
	}
	if k.shocks.Used >= 1 && k.life.Float64() < 0.2 { // it takes days until somebody notices
		k.breakDown(presage.ShockAbsorbers, t)
	}
}

// breakDown stops the car: somebody replaces the component within a day or two.
func (k *car) breakDown(id presage.ComponentID, t int64) {
	at := max(t, k.blocked) + int64((3+20*k.life.Float64())*float64(hour))
	k.stop(at)
	k.world.failing = append(k.world.failing, presage.WorkshopResult{
		VIN: k.VIN, At: time.UnixMilli(at).UTC(), OdometerKm: k.km(), Note: "unplanned", ConfirmedBy: byWorkshop,
		Findings: []presage.Finding{{
			Component: id, Outcome: presage.OutcomeFailed, Replaced: true, Measured: k.measure(k.life, id, t),
		}},
		PartsUsed: k.world.parts(id),
	})
	k.renew(id, at)
}

// stop keeps the car off the road until an instant in ms.
func (k *car) stop(until int64) {
	k.blocked = max(k.blocked, until)
	if k.phase != parked {
		k.phase, k.parkedAt, k.restedAt = parked, k.world.now, k.world.now
		k.box.Flush(k.world.now)
	}
}

// Breakdowns returns the unplanned failures that were repaired by now and not
// returned before, oldest first: each with the outcome failed, the part
// replaced, and no booking.
func (w *World) Breakdowns() []presage.WorkshopResult {
	var due, later []presage.WorkshopResult
	for _, f := range w.failing {
		if f.At.UnixMilli() <= w.now {
			due = append(due, f)
		} else {
			later = append(later, f)
		}
	}
	w.failing = later
	slices.SortStableFunc(due, func(a, b presage.WorkshopResult) int { return a.At.Compare(b.At) })
	return due
}

// parts is what a repair of the component takes from the shelf.
func (w *World) parts(id presage.ComponentID) []presage.PartQuantity {
	row, err := w.catalogue.Component(id)
	if err != nil {
		return nil
	}
	job, err := w.catalogue.Job(row.JobCode)
	if err != nil {
		return nil
	}
	return slices.Clone(job.Parts)
}

// renew puts new parts in at an instant in ms.
func (k *car) renew(id presage.ComponentID, at int64) {
	k.renewPart(id)
	for i := range k.clocks {
		switch c := &k.clocks[i]; {
		case c.id == id:
			c.restart(at, k.odometer)
			for _, part := range c.also {
				k.renewPart(part)
			}
		case slices.Contains(c.also, id):
			c.restart(at, k.odometer)
		}
	}
}

// renewPart makes what wears as new.
func (k *car) renewPart(id presage.ComponentID) {
	switch id {
	case presage.BrakePadsFront:
		k.pads[0].Renew(k.life)
	case presage.BrakePadsRear:
		k.pads[1].Renew(k.life)
	case presage.Battery12V:
		k.lead.Renew(k.life)
	case presage.HVBattery:
		k.pack.Renew(k.life)
	case presage.TyreLeak:
		for i := range k.tyres {
			k.tyres[i].Leak, k.tyres[i].Cold = 0, k.Spec.Placard
		}
		k.lamp = false
	case presage.ShockAbsorbers:
		k.shocks.Renew(k.life)
	}
}

// lowest is the softest tyre as a share of the placard pressure, cold.
func (k *car) lowest() float64 {
	low := math.Inf(1)
	for i := range k.tyres {
		low = math.Min(low, k.tyres[i].Cold/k.Spec.Placard)
	}
	return low
}
