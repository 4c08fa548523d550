package models

import (
	"sync"

	"presage"
)

// slot is the place of a scalar signal in an instant.
type slot uint8

const (
	slotSpeed slot = iota
	slotOdometer
	slotAmbient
	slotPadFL
	slotPadFR
	slotPadRL
	slotPadRR
	slotTyreFL
	slotTyreFR
	slotTyreRL
	slotTyreRR
	slotTyreTempFL
	slotTyreTempFR
	slotTyreTempRL
	slotTyreTempRR
	slotBattery
	slotModule
	slotState
	slotRPM
	slotCurrent
	slotSoC
	slotTempMax
	slotTempMin
	slotCharging
	slotCells
	slotInsulation
	slotWarning
	slots
)

type rollupSignal struct {
	name  string
	slot  slot
	scale float64 // from the signal's unit to the slot's
}

// The signals a roll-up reads. Two names may share a slot: VSS 6 renamed some.
var rollupSignals = []rollupSignal{ //nolint:gochecknoglobals // a constant table
	{presage.SignalSpeed, slotSpeed, 1},
	{presage.SignalOdometer, slotOdometer, 0.001}, // m to km
	{presage.SignalAmbient, slotAmbient, 1},
	{"Vehicle.OBD.AmbientAirTemperature", slotAmbient, 1},
	{presage.SignalPadFrontLeft, slotPadFL, 1},
	{presage.SignalPadFrontRight, slotPadFR, 1},
	{presage.SignalPadRearLeft, slotPadRL, 1},
	{presage.SignalPadRearRight, slotPadRR, 1},
	{presage.SignalTyreFrontLeft, slotTyreFL, 1},
	{presage.SignalTyreFrontRight, slotTyreFR, 1},
	{presage.SignalTyreRearLeft, slotTyreRL, 1},
	{presage.SignalTyreRearRight, slotTyreRR, 1},
	{presage.SignalTyreTempFrontLeft, slotTyreTempFL, 1},
	{presage.SignalTyreTempFrontRight, slotTyreTempFR, 1},
	{presage.SignalTyreTempRearLeft, slotTyreTempRL, 1},
	{presage.SignalTyreTempRearRight, slotTyreTempRR, 1},
	{"Vehicle.Chassis.Axle.Row1.Wheel.Left.Tire.AirTemperature", slotTyreTempFL, 1},
	{"Vehicle.Chassis.Axle.Row1.Wheel.Right.Tire.AirTemperature", slotTyreTempFR, 1},
	{"Vehicle.Chassis.Axle.Row2.Wheel.Left.Tire.AirTemperature", slotTyreTempRL, 1},
	{"Vehicle.Chassis.Axle.Row2.Wheel.Right.Tire.AirTemperature", slotTyreTempRR, 1},
	{presage.SignalBattery12V, slotBattery, 1},
	{presage.SignalModuleVoltage, slotModule, 1},
	{presage.SignalLowVoltageState, slotState, 1},
	{presage.SignalEngineSpeed, slotRPM, 1},
	{presage.SignalPackCurrent, slotCurrent, 1},
	{presage.SignalStateOfCharge, slotSoC, 1},
	{presage.SignalPackTempMax, slotTempMax, 1},
	{presage.SignalPackTempMin, slotTempMin, 1},
	{presage.SignalIsCharging, slotCharging, 1},
	{presage.SignalCellVoltages, slotCells, 1},
	{presage.SignalInsulation, slotInsulation, 1},
	{presage.SignalBMSWarning, slotWarning, 1},
}

type signalSlot struct {
	rollupSignal
	spec presage.SignalSpec
}

// signalSlots joins the list above with the signal table, once.
var signalSlots = sync.OnceValue(func() map[string]signalSlot { //nolint:gochecknoglobals // computed once, read only
	table := make(map[string]signalSlot, len(rollupSignals))
	for _, s := range rollupSignals {
		if spec, ok := presage.LookupSignal(s.name); ok {
			table[s.name] = signalSlot{rollupSignal: s, spec: spec}
		}
	}
	return table
})
