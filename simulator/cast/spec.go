package cast

import (
	"presage"
	"presage/simulator/tbox"
)

// Spec is one model of one make.
type Spec struct {
	Make, Model string
	wmi, vds    string // VIN positions 1-3 and 4-8
	Powertrain  presage.Powertrain
	Europe      bool // sold in Europe, else in China
	weight      int  // of its sales

	MassKg      float64
	Placard     float64 // kPa, cold tyre pressure
	FrontMJ     float64 // braking heat that a set of front pads endures
	RearMJ      float64
	FrontShare  float64 // of the braking heat
	Regen       float64 // share of braking energy that the motor takes back
	PadStep     float64 // %, resolution of the pad sensor
	KWhPerKm    float64 // electric drive
	PackAh      float64
	Cells       int
	ACKw, DCKw  float64
	ReportTrips bool // sends trip_end events
	Style       tbox.Style
}

// Electric tells whether the model has a high-voltage battery.
func (s *Spec) Electric() bool { return s.Cells > 0 }

// specs is the whole market.
func specs() []Spec {
	const bev, phev, ice = presage.BatteryElectric, presage.PlugInHybrid, presage.Combustion
	quoted, text := tbox.Style{QuotedKm: true}, tbox.Style{TextTime: true}
	return []Spec{
		{
			Make: "Yunhe", Model: "E5", wmi: "LX7", vds: "CE5B1", Powertrain: bev, weight: 20, MassKg: 1720,
			Placard: 240, FrontMJ: 4100, RearMJ: 2300, FrontShare: 0.66, Regen: 0.55, PadStep: 0.5,
			KWhPerKm: 0.152, PackAh: 150, Cells: 96, ACKw: 7, DCKw: 70, ReportTrips: true, Style: tbox.Style{SaysVIN: true},
		},
		{
			Make: "Yunhe", Model: "S7", wmi: "LX7", vds: "HS7B2", Powertrain: bev, weight: 12, MassKg: 2230,
			Placard: 260, FrontMJ: 5000, RearMJ: 2900, FrontShare: 0.66, Regen: 0.6, PadStep: 0.5,
			KWhPerKm: 0.185, PackAh: 212, Cells: 96, ACKw: 11, DCKw: 110, Style: tbox.Style{SaysVIN: true},
		},
		{
			Make: "Qingfeng", Model: "Mini", wmi: "LY7", vds: "AM1B0", Powertrain: bev, weight: 10, MassKg: 1180,
			Placard: 230, FrontMJ: 2500, RearMJ: 1500, FrontShare: 0.68, Regen: 0.45, PadStep: 1,
			KWhPerKm: 0.115, PackAh: 86, Cells: 88, ACKw: 3.3, DCKw: 35, Style: quoted,
		},
		{
			Make: "Lanshan", Model: "Dual 6", wmi: "LZ7", vds: "KD6P3", Powertrain: phev, weight: 18, MassKg: 1830,
			Placard: 240, FrontMJ: 4300, RearMJ: 2400, FrontShare: 0.68, Regen: 0.4, PadStep: 1,
			KWhPerKm: 0.165, PackAh: 52, Cells: 96, ACKw: 3.3, DCKw: 30,
		},
		{
			Make: "Lanshan", Model: "4", wmi: "LZ7", vds: "FL4C1", Powertrain: ice, weight: 14, MassKg: 1410,
			Placard: 230, FrontMJ: 3300, RearMJ: 1900, FrontShare: 0.7, PadStep: 1,
		},
		{
			Make: "Yunhe", Model: "C3", wmi: "LX7", vds: "DC3C2", Powertrain: ice, weight: 12, MassKg: 1560,
			Placard: 240, FrontMJ: 3600, RearMJ: 2000, FrontShare: 0.7, PadStep: 0.5, ReportTrips: true,
		},
		{
			Make: "Norvik", Model: "Elan", wmi: "YX7", vds: "EL1B4", Powertrain: bev, Europe: true, weight: 12, MassKg: 1940,
			Placard: 260, FrontMJ: 4600, RearMJ: 2600, FrontShare: 0.65, Regen: 0.6, PadStep: 0.5,
			KWhPerKm: 0.168, PackAh: 174, Cells: 96, ACKw: 11, DCKw: 120, ReportTrips: true, Style: text,
		},
		{
			Make: "Norvik", Model: "Tour", wmi: "YX7", vds: "TR2C4", Powertrain: ice, Europe: true, weight: 12, MassKg: 1590,
			Placard: 250, FrontMJ: 3700, RearMJ: 2100, FrontShare: 0.7, PadStep: 0.5, Style: text,
		},
		{
			Make: "Halden", Model: "P4", wmi: "W07", vds: "HP4P5", Powertrain: phev, Europe: true, weight: 8, MassKg: 1790,
			Placard: 250, FrontMJ: 4200, RearMJ: 2300, FrontShare: 0.68, Regen: 0.4, PadStep: 1,
			KWhPerKm: 0.17, PackAh: 40, Cells: 96, ACKw: 3.7, DCKw: 0, Style: tbox.Style{LastFirst: true},
		},
		{
			Make: "Halden", Model: "City", wmi: "W07", vds: "HC1C5", Powertrain: ice, Europe: true, weight: 6, MassKg: 1190,
			Placard: 230, FrontMJ: 2800, RearMJ: 1700, FrontShare: 0.72, PadStep: 1, Style: tbox.Style{LastFirst: true},
		},
	}
}
