package simulator

import "presage"

// care is what the owner does about the car on a day, and tells nobody.
func (k *car) care(t int64) {
	p := k.person
	if k.life.Float64() < 0.03*p.Diligence {
		k.pumpUp()
	}
	if k.lowest() < 1-k.world.limits.tyre {
		k.lampOn(t)
	} else {
		k.lamp = false
	}
	if p.Elsewhere == 0 {
		return
	}
	for axle, id := range [...]presage.ComponentID{presage.BrakePadsFront, presage.BrakePadsRear} {
		if k.pads[axle].Worst() > 100-22*p.Elsewhere && k.life.Float64() < 0.15 {
			k.pads[axle].Renew(k.life)
			k.byOthers[id] = t
		}
	}
}

// pumpUp brings soft tyres to the placard pressure.
func (k *car) pumpUp() {
	for i := range k.tyres {
		if soft := k.Spec.Placard - k.tyres[i].Cold; soft > 4 {
			k.tyres[i].Cold = k.Spec.Placard + 2*k.life.NormFloat64()
		}
	}
}

// lampOn is a day with the tyre warning: some drive to a workshop at once,
// some have it mended elsewhere, some only pump it up, the rest drive on.
func (k *car) lampOn(t int64) {
	if !k.lamp {
		k.lamp = true
		k.box.Event(t, "alert", "tyre_pressure_low", "")
	}
	leaking := false
	for i := range k.tyres {
		leaking = leaking || k.tyres[i].Leak > 0
	}
	switch x := k.life.Float64(); {
	case leaking && (x < 0.3 || k.lowest() < 0.5):
		k.breakDown(presage.TyreLeak, t)
	case leaking && x < 0.4:
		k.renew(presage.TyreLeak, t)
		k.byOthers[presage.TyreLeak] = t
	case x < 0.6:
		k.pumpUp()
		k.lamp = false
	}
}
