package simulator

import (
	"time"

	"presage"
	"presage/simulator/physics"
)

// byWorkshop stands by what a simulated workshop read off the car, whatever its
// telemetry said.
const byWorkshop = "workshop"

// Visit is what becomes of a booking: whether the customer came, and what the
// workshop found at the named components (by the truth, not by the prognosis).
// Call it once, at the booking's start or later: the car leaves the workshop at
// the end of the booking, or now if that is over, with new parts where some
// were replaced, and publishes nothing in between. A vehicle that the world does
// not know never comes.
func (w *World) Visit(b presage.Booking, components []presage.ComponentID) (presage.WorkshopResult, bool) {
	k, ok := w.byVIN[b.VIN]
	if !ok {
		return presage.WorkshopResult{}, false
	}
	r := w.draw("visit", b.ID)
	if r.Float64() < k.person.Forgets {
		return presage.WorkshopResult{}, false
	}
	at := max(b.End.UnixMilli(), w.now)
	k.stop(at)
	out := presage.WorkshopResult{
		BookingID: b.ID, VIN: b.VIN, At: time.UnixMilli(at).UTC(), OdometerKm: k.km(), ConfirmedBy: byWorkshop,
	}
	for _, id := range components {
		f := presage.Finding{Component: id, Measured: k.measure(r, id, w.now)}
		f.Outcome, f.Replaced = k.inspect(id)
		if _, is := id.Recall(); is { // what a maker asks for is done, needed or not
			f.Outcome, f.Replaced = presage.OutcomeConfirmed, len(w.parts(id)) > 0
		}
		if id == controlSoftware && k.soft != nil {
			f.Outcome = k.flash()
		}
		out.Findings = append(out.Findings, f)
		if f.Replaced {
			k.renew(id, at)
			for _, p := range w.parts(id) {
				out.PartsUsed = addPart(out.PartsUsed, p)
			}
		}
	}
	mended := w.Mends(b)
	out.Minutes, out.FirstTime = w.work(b.ID, w.catalogue.Minutes(b.Jobs)), &mended
	return out, true
}

// inspect is what a mechanic sees, and whether they replace the component.
func (k *car) inspect(id presage.ComponentID) (presage.Outcome, bool) {
	t, _, ok := k.truth(id, k.world.now)
	if !ok {
		return presage.OutcomeNoFaultFound, false
	}
	worn, spent := 0.45, 0.8
	switch id {
	case presage.TyreLeak:
		return k.inspectTyres()
	case presage.HVBattery:
		worn, spent = 0.85, 0.85 // nobody exchanges a good module
		if k.pack.Weak() && k.pack.Lag() > physics.CellLimit/4 {
			return presage.OutcomeConfirmed, true
		}
	case presage.Battery12V:
		worn, spent = 0.6, 0.75
	default:
	}
	switch {
	case t.Used >= spent:
		return presage.OutcomeConfirmed, true
	case t.Used >= worn:
		return presage.OutcomeWornNotDue, true
	case k.renewedElsewhere(id):
		return presage.OutcomeReplacedElsewhere, false
	}
	return presage.OutcomeNoFaultFound, false
}

// inspectTyres looks for a leak; soft tyres are pumped up either way.
func (k *car) inspectTyres() (presage.Outcome, bool) {
	for i := range k.tyres {
		if k.tyres[i].Leak > 0 {
			return presage.OutcomeConfirmed, true
		}
	}
	k.pumpUp()
	if k.renewedElsewhere(presage.TyreLeak) {
		return presage.OutcomeReplacedElsewhere, false
	}
	return presage.OutcomeNoFaultFound, false
}

// renewedElsewhere tells whether somebody else replaced the component within the last two months.
func (k *car) renewedElsewhere(id presage.ComponentID) bool {
	at, ok := k.byOthers[id]
	return ok && k.world.now-at < 60*24*hour
}

// addPart adds p to a list that names each part once.
func addPart(list []presage.PartQuantity, p presage.PartQuantity) []presage.PartQuantity {
	for i := range list {
		if list[i].Part == p.Part {
			list[i].Quantity += p.Quantity
			return list
		}
	}
	return append(list, p)
}
