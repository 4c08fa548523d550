package apitest

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"presage"
)

const historyDays = 150

func (w *World) addVehicle(i int) {
	models := []struct {
		model string
		drive presage.Powertrain
	}{{"Aurora E5", presage.BatteryElectric}, {"Aurora E7", presage.BatteryElectric}, {"Vento P4", presage.PlugInHybrid}, {"Terra C2", presage.Combustion}}
	m := models[w.pick(len(models))]
	v := presage.Vehicle{
		VIN: VIN(42 + i*37), Plate: presage.Plate(fmt.Sprintf("沪A·%05d", 10_000+i)), Make: "Lumen", Model: m.model, ModelYear: 2019 + w.pick(6), Powertrain: m.drive,
		InService:  w.now.AddDate(-1-w.pick(5), -w.pick(12), -w.pick(28)),
		CustomerID: fmt.Sprintf("c-%d", i), WorkshopID: w.workshops[i%2].ID,
		LastSeen: w.now.Add(-time.Duration(w.pick(20*60)) * time.Minute),
	}
	if w.pick(14) == 0 {
		v.LastSeen = w.now.AddDate(0, 0, -15-w.pick(40))
	}
	w.vehicles = append(w.vehicles, v)
	names := []string{"王丽", "Zhang Min", "陈建国", "Anna Schmidt", "刘洋", "James Carter", "赵敏", "周杰"}
	langs := []presage.Lang{presage.Chinese, presage.English, presage.Chinese, presage.English, presage.Chinese, presage.English, presage.Chinese, presage.Chinese}
	w.customers[v.CustomerID] = presage.Customer{
		ID: v.CustomerID, Name: names[i%len(names)], Lang: langs[i%len(langs)], Zone: "Asia/Shanghai",
		Phone: presage.Phone(fmt.Sprintf("+86138%08d", 1000+i*7)), Tier: "standard",
		Consent: presage.Consent{SMS: true, Push: true},
	}
	for _, c := range w.catalogue.Components {
		if c.ID == presage.HVBattery && m.drive == presage.Combustion {
			continue
		}
		w.addPrognosis(v, c)
	}
	w.events[v.VIN] = []presage.Event{
		{VIN: v.VIN, Time: v.LastSeen, Type: "trip_end"},
		{VIN: v.VIN, Time: v.LastSeen.AddDate(0, 0, -3), Type: "dtc", Code: "C0265"},
	}
}

// addPrognosis invents a linear course of wear and what follows from it.
func (w *World) addPrognosis(v presage.Vehicle, c presage.Component) {
	p := presage.Prognosis{
		VIN: v.VIN, Component: c.ID, AsOf: w.now, DataThrough: v.LastSeen, Basis: presage.BasisSurvival,
		Model: presage.ModelRef{ID: "test", Version: "1"}, Status: presage.StatusOK,
	}
	left := 40 + math.Abs(w.rnd.NormFloat64())*500 // days to the limit
	if w.pick(16) == 0 {
		left = 5 + w.rnd.Float64()*60
	}
	if c.ID == presage.BrakePadsFront || c.ID == presage.BrakePadsRear {
		w.addWear(v, &p, left)
	}
	spread := 0.35 * left
	p.RemainingLife.Days = presage.Quantiles{P10: max(0, left-spread), P50: left, P90: left + 1.5*spread}
	p.RemainingLife.Km = presage.Quantiles{P10: p.RemainingLife.Days.P10 * 42, P50: left * 42, P90: p.RemainingLife.Days.P90 * 42}
	within := func(d float64) float64 { return 1 / (1 + math.Exp(-(d-left)/(0.2*left+1))) }
	p.FailWithin = presage.FailWithin{D7: within(7), D30: within(30), D60: within(60), D90: within(90)}
	switch {
	case w.now.Sub(v.LastSeen) > 14*24*time.Hour:
		p.Status = presage.StatusStale
	case p.FailWithin.D30 > .3:
		p.Status = presage.StatusDue
	case p.FailWithin.D90 > .3:
		p.Status = presage.StatusWatch
	}
	w.prognoses[v.VIN] = append(w.prognoses[v.VIN], p)
}

func (w *World) addWear(v presage.Vehicle, p *presage.Prognosis, left float64) {
	feature := "pad_wear_front_pct"
	if p.Component == presage.BrakePadsRear {
		feature = "pad_wear_rear_pct"
	}
	rate := 0.09 + w.rnd.Float64()*0.2 // % a day
	level := max(4, 100-rate*left)
	renewedBefore := level / rate // days since new pads
	today := presage.DayOf(w.now)
	if len(w.rollups[v.VIN]) == 0 {
		for d := range historyDays {
			w.rollups[v.VIN] = append(w.rollups[v.VIN], presage.Rollup{
				VIN: v.VIN, Day: today - presage.Day(historyDays-d-1), Features: map[string]float64{},
			})
		}
	}
	for i := range w.rollups[v.VIN] {
		r := &w.rollups[v.VIN][i]
		ago := float64(today - r.Day)
		x := level - rate*ago + w.rnd.NormFloat64()*0.6
		if ago > renewedBefore {
			x = 97 - rate*(ago-renewedBefore) + w.rnd.NormFloat64()*0.6
		}
		if w.pick(6) > 0 {
			r.Features[feature] = max(0, x)
		}
	}
	if renewedBefore < historyDays {
		w.labels[v.VIN] = append(w.labels[v.VIN], presage.Label{
			VIN: v.VIN, Component: p.Component, At: (today - presage.Day(renewedBefore)).Start(),
			OdometerKm: 38250, Outcome: presage.OutcomeConfirmed, Replaced: true,
		})
	}
	p.Basis = presage.BasisMeasured
	p.Measured = &presage.Measured{Feature: feature, Value: level, Limit: 100, Unit: "%"}
	p.Terms = []presage.Term{
		{Name: "wear_now", Value: level, Unit: "%"},
		{Name: "wear_per_1000km", Value: rate * 1000 / 42, Unit: "%"},
		{Name: "km_per_day", Value: 42, Unit: "km"},
	}
	for d := 0; d <= 91; d += 7 {
		mid, band := level+rate*float64(d), 1+0.28*rate*float64(d)
		p.Path = append(p.Path, presage.PathPoint{
			Day: today + presage.Day(d), Quantiles: presage.Quantiles{P10: mid - band, P50: mid, P90: mid + band},
		})
	}
}

// Vehicle implements rest.Vehicles.
func (w *World) Vehicle(_ context.Context, vin presage.VIN) (presage.Vehicle, error) {
	if w.Err != nil {
		return presage.Vehicle{}, w.Err
	}
	return find(w.vehicles, "vehicle", func(v presage.Vehicle) bool { return v.VIN == vin })
}

// SoftwareOf implements rest.Vehicles: the first vehicle has said what it runs.
func (w *World) SoftwareOf(_ context.Context, vin presage.VIN) (string, error) {
	if vin == w.vehicles[0].VIN {
		return "4.1.0", w.Err
	}
	return "", w.Err
}

// Vehicles implements rest.Vehicles.
func (w *World) Vehicles(_ context.Context, f presage.VehicleFilter) ([]presage.Vehicle, error) {
	var out []presage.Vehicle
	for _, v := range w.vehicles {
		_, silent := f.Silent.Since(v)
		if f.Silent.After > 0 && !silent {
			continue
		}
		if v.VIN > f.After && w.meant(v.VIN, f.Query) && len(out) < f.Limit &&
			(f.Status == "" || presage.WorstStatus(w.prognoses[v.VIN]) == f.Status) {
			out = append(out, v)
		}
	}
	return out, w.Err
}

// Events implements rest.Vehicles.
func (w *World) Events(_ context.Context, vin presage.VIN, _ int) ([]presage.Event, error) {
	return w.events[vin], w.Err
}

// Prognoses implements rest.Health.
func (w *World) Prognoses(_ context.Context, vin presage.VIN) ([]presage.Prognosis, error) {
	return slices.Clone(w.prognoses[vin]), w.Err
}

// PrognosesWithPaths implements rest.Health.
func (w *World) PrognosesWithPaths(ctx context.Context, vin presage.VIN) ([]presage.Prognosis, error) {
	return w.Prognoses(ctx, vin)
}

// Rollups implements rest.Health.
func (w *World) Rollups(_ context.Context, vin presage.VIN, from, to presage.Day) ([]presage.Rollup, error) {
	var out []presage.Rollup
	for _, r := range w.rollups[vin] {
		if r.Day >= from && r.Day <= to {
			out = append(out, r)
		}
	}
	return out, w.Err
}

// Labels implements rest.Health.
func (w *World) Labels(_ context.Context, vin presage.VIN) ([]presage.Label, error) {
	return w.labels[vin], w.Err
}
