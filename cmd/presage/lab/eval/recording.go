package eval

import (
	"path/filepath"

	"presage"
)

// Recording is a real car's telemetry in files.
type Recording struct {
	Name    string
	Format  string // of package recorded
	Files   []string
	Vehicle presage.Vehicle // the VIN is invented: the publishers gave none
	// Healthy: its publishers know of no fault, so every alarm is a false one.
	Healthy bool
	// Cell is the faulty cell, counted from 1; 0 for none.
	Cell int
	// Weak: the cell is not expected to be named, only no other.
	Weak bool
}

// Recordings lists the recordings under a data directory: two electric cars
// with weak cells (BatICM; the cells by their mean z-score over the file) and
// two healthy cars by OBD.
func Recordings(dir string) []Recording {
	car := func(vin string, p presage.Powertrain) presage.Vehicle {
		vin = vin[:8] + string(presage.VINCheckDigit(vin)) + vin[9:]
		return presage.Vehicle{VIN: presage.VIN(vin), Powertrain: p, CustomerID: customerID, WorkshopID: workshopID}
	}
	in := func(folder string, names ...string) []string {
		for i := range names {
			names[i] = filepath.Join(dir, folder, names[i])
		}
		return names
	}
	return []Recording{
		{
			Name: "ev_faults car 2", Format: "ev-cloud", Files: in("ev_faults", "car2_summary.csv.gz", "car2_cells.csv.gz"),
			Vehicle: car("LPSEV000000000002", presage.BatteryElectric), Cell: 82,
		},
		{
			Name: "ev_faults car 4", Format: "ev-cloud", Files: in("ev_faults", "car4_summary.csv.gz", "car4_cells.csv.gz"),
			Vehicle: car("LPSEV000000000004", presage.BatteryElectric), Cell: 63, Weak: true,
		},
		{
			Name: "obd_carobd", Format: "carobd", Files: in("obd_carobd", "carobd_all_trips.csv.gz"),
			Vehicle: car("9BRZZZ00000000014", presage.Combustion), Healthy: true,
		},
		{
			Name: "obd_seat_leon", Format: "kit-obd", Files: in("obd_seat_leon", "kit_obd_1hz.csv.gz"),
			Vehicle: car("VSSZZZ00000000017", presage.Combustion), Healthy: true,
		},
	}
}
