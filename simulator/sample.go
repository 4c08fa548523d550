package simulator

import (
	"math"

	"presage"
)

// sampleKeyOn is what the car knows when it wakes: everything at rest.
func (k *car) sampleKeyOn(t int64) {
	ambient := k.ambient(t)
	k.box.Begin(t)
	k.box.Word(presage.SignalLowVoltageState, "ON")
	k.box.Number(presage.SignalBattery12V, k.restVoltage(t, ambient), 2)
	k.box.Number(presage.SignalSpeed, 0, 0)
	k.box.Odometer(k.odometer)
	k.box.Celsius(presage.SignalAmbient, halves(ambient+0.3*k.sense.NormFloat64()), 1)
	k.sensePads()
	k.senseTyres(ambient)
	k.sensePack(0, ambient)
	k.box.End()
	k.tellSoftware(t)
	if rest := k.lead.RestVoltage(20); rest < 12.05 && t >= k.nextCode {
		k.nextCode = t + 7*24*hour
		k.box.Event(t, "dtc", "P0562", "") // system voltage low
	}
}

// sampleCrank is the lowest voltage of an engine start, which the box misses now and then.
func (k *car) sampleCrank(t int64) {
	v := k.lead.CrankVoltage(k.ambient(t)) + 0.1*math.Abs(k.sense.NormFloat64())
	if k.sense.Float64() < 0.08 {
		v += (12.2 - v) * k.sense.Float64()
	}
	k.box.Begin(t)
	k.box.Word(presage.SignalLowVoltageState, "START")
	k.box.Number(presage.SignalBattery12V, v, 2)
	k.box.Number(presage.SignalBattery12VCurrent, -(180 + 120*k.sense.Float64()), 0)
	k.box.Number(presage.SignalEngineSpeed, 150+120*k.sense.Float64(), 0)
	k.box.End()
}

// sampleMoving is a sample on the road at a mean speed in km/h and a mean current in A.
func (k *car) sampleMoving(t int64, speed, ambient, amps float64) {
	k.box.Begin(t)
	now := math.Max(0, speed*(1+0.25*k.sense.NormFloat64()))
	k.box.Number(presage.SignalSpeed, now, 1)
	k.box.Odometer(k.odometer)
	k.box.Number(presage.SignalBattery12V, k.runningVoltage(), 2)
	if k.Powertrain != presage.BatteryElectric && amps == 0 {
		k.box.Number(presage.SignalEngineSpeed, 780+18*now+150*k.sense.Float64(), 0)
	}
	if k.pack != nil {
		k.sensePack(amps*(1+0.6*k.sense.NormFloat64()), ambient)
	}
	if k.trip.samples%8 == 7 {
		k.box.Celsius(presage.SignalAmbient, halves(ambient+0.5*k.sense.NormFloat64()), 1)
		k.senseTyres(ambient)
	}
	k.box.End()
}

// sampleArrived is the last sample of a trip.
func (k *car) sampleArrived(t int64, ambient float64) {
	k.box.Begin(t)
	k.box.Word(presage.SignalLowVoltageState, "ON")
	k.box.Number(presage.SignalSpeed, 0, 0)
	k.box.Odometer(k.odometer)
	k.box.Number(presage.SignalBattery12V, k.runningVoltage(), 2)
	k.sensePads()
	k.senseTyres(ambient)
	k.sensePack(0, ambient)
	k.park()
	k.sensePlace()
	k.box.End()
}

// signOfLife is what a parked car reports.
func (k *car) signOfLife(t int64) {
	k.settle(t)
	ambient := k.ambient(t)
	k.box.Begin(t)
	k.box.Word(presage.SignalLowVoltageState, "OFF")
	k.box.Number(presage.SignalBattery12V, k.restVoltage(t, ambient), 2)
	k.box.Celsius(presage.SignalAmbient, halves(ambient+0.3*k.sense.NormFloat64()), 1)
	k.senseTyres(ambient)
	if k.pack != nil {
		k.box.Number(presage.SignalStateOfCharge, 100*k.pack.SoC, 1)
	}
	k.sensePlace()
	k.box.End()
	k.box.Flush(t)
	k.install(t)
}

// sampleCharge is a sample at the charger, every now and then with all cells.
func (k *car) sampleCharge(t int64) {
	c := &k.charge
	ambient := k.ambient(t)
	k.box.Begin(t)
	k.box.Flag(presage.SignalIsCharging, c.amps > 0)
	k.sensePack(c.amps, ambient)
	if c.samples%15 == 7 || c.amps == 0 {
		k.pack.CellVoltages(k.sense, k.cells, c.amps, 0.0008)
		k.box.Cells(k.cells)
		k.box.Number(presage.SignalInsulation, 2500+800*k.sense.Float64(), 0)
		level := math.Min(3, math.Floor(4*k.pack.Lag()/0.06))
		k.box.Number(presage.SignalBMSWarning, level, 0)
		if level >= 2 && t >= k.nextCode {
			k.nextCode = t + 7*24*hour
			k.box.Event(t, "dtc", "P0A80", "") // hybrid battery: replace
		}
	}
	k.box.End()
}

// sensePack adds the readings of the high-voltage battery at a current in A.
func (k *car) sensePack(amps, ambient float64) {
	if k.pack == nil {
		return
	}
	k.box.Number(presage.SignalPackVoltage, k.pack.Voltage(amps)+0.15*k.sense.NormFloat64(), 1)
	k.box.Number(presage.SignalPackCurrent, amps+0.1*k.sense.NormFloat64(), 1)
	k.box.Number(presage.SignalStateOfCharge, 100*k.pack.SoC, 1)
	if k.trip.samples%8 == 0 {
		warm := ambient + 4 + 0.03*math.Abs(amps)
		k.box.Celsius(presage.SignalPackTempMax, math.Round(warm+1.5), 0)
		k.box.Celsius(presage.SignalPackTempMin, math.Round(warm-1), 0)
	}
}

// sensePads adds the four pad sensors, each with its bias, noise and resolution.
func (k *car) sensePads() {
	names := [...]string{
		presage.SignalPadFrontLeft, presage.SignalPadFrontRight, presage.SignalPadRearLeft, presage.SignalPadRearRight,
	}
	truth := [...]float64{k.pads[0].Left, k.pads[0].Right, k.pads[1].Left, k.pads[1].Right}
	step := k.Spec.PadStep
	for i, name := range names {
		x := truth[i] + k.padBias[i] + 0.7*k.sense.NormFloat64()
		k.box.Number(name, math.Max(0, math.Min(100, math.Round(x/step)*step)), 1)
	}
}

// senseTyres adds pressure and temperature of every wheel.
func (k *car) senseTyres(ambient float64) {
	names := [...][2]string{
		{presage.SignalTyreFrontLeft, presage.SignalTyreTempFrontLeft},
		{presage.SignalTyreFrontRight, presage.SignalTyreTempFrontRight},
		{presage.SignalTyreRearLeft, presage.SignalTyreTempRearLeft},
		{presage.SignalTyreRearRight, presage.SignalTyreTempRearRight},
	}
	for i := range names {
		inside := ambient + k.tyreHeat + 0.6*k.sense.NormFloat64()
		k.box.Number(names[i][0], math.Max(0, math.Round(k.tyres[i].Gauge(inside)+0.8*k.sense.NormFloat64())), 0)
		k.box.Celsius(names[i][1], math.Round(inside), 0)
	}
}

// restVoltage is what the box reads of the sleeping 12 V battery: a charge leaves the voltage high for hours.
func (k *car) restVoltage(t int64, ambient float64) float64 {
	surface := 0.18 * math.Exp(-float64(t-k.parkedAt)/float64(2*hour))
	return k.lead.RestVoltage(ambient) + surface + 0.025*k.sense.NormFloat64()
}

// runningVoltage is what alternator or converter hold.
func (k *car) runningVoltage() float64 {
	v := 13.9
	if k.Powertrain == presage.Combustion {
		v = 14.1 + 0.15*k.lead.Charge
	}
	return v + 0.12*k.sense.NormFloat64()
}

// halves rounds to half a degree, the resolution of most sensors.
func halves(x float64) float64 { return math.Round(2*x) / 2 }
