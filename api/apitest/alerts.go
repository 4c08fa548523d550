package apitest

import (
	"context"
	"slices"
	"time"

	"presage"
)

const insulationLost = "insulation_lost"

// Alerts implements rest.Alerts: the first vehicle's insulation is low, and was
// an hour ago; the second one's tyre is filled again.
func (w *World) Alerts(_ context.Context, f presage.AlertFilter) ([]presage.Alert, error) {
	hour := w.now.Add(-time.Hour)
	all := []presage.Alert{
		{
			ID: "alert-1", VIN: w.vehicles[0].VIN, Rule: insulationLost, Component: presage.HVBattery,
			Severity: presage.Safety, Signal: presage.SignalInsulation, Since: hour, FiredAt: hour, At: w.now,
			Value: 42, Unit: "ohm/V", Name: presage.Text{ZH: "高压绝缘失效", EN: "High-voltage insulation lost"},
			Tell:   presage.Text{ZH: "请勿触碰橙色高压部件。", EN: "Do not touch orange cables."},
			Advise: presage.Text{ZH: "分段测量绝缘。", EN: "Measure the insulation part by part."},
		},
		{
			ID: "alert-2", VIN: w.vehicles[1].VIN, Rule: "tyre_low", Component: presage.TyreLeak,
			Severity: presage.Safety, Signal: presage.SignalTyreFrontLeft, Since: hour, FiredAt: hour, At: w.now,
			Value: 78, Unit: "%", ClearedAt: w.now, Name: presage.Text{ZH: "胎压过低", EN: "A tyre is low"},
			Tell:   presage.Text{ZH: "请充气。", EN: "Inflate it."},
			Advise: presage.Text{ZH: "检查刺扎。", EN: "Look for a puncture."},
		},
	}
	var out []presage.Alert
	for _, a := range all {
		if (f.VIN == "" || a.VIN == f.VIN) && (!f.Firing || a.ClearedAt.IsZero()) {
			out = append(out, a)
		}
	}
	if f.After != nil {
		i := slices.IndexFunc(out, func(a presage.Alert) bool { return a.VIN == f.After.VIN && a.Rule == f.After.Rule })
		out = out[i+1:]
	}
	if f.Limit > 0 {
		out = out[:min(f.Limit, len(out))]
	}
	return out, nil
}
