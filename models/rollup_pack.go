package models

import (
	"math"

	"presage"
	"presage/models/battery"
)

// packFold keeps the high-voltage battery's day.
type packFold struct {
	counter          battery.Counter
	cells            battery.Cells
	socMin, socMax   float64
	tempMin, tempMax float64
	insulation       float64
	warning          float64
	soc, temp, iso   bool
	warned           bool
}

func (p *packFold) add(n *instant, cells []float64, spec presage.SignalSpec) {
	if n.fresh[slotSoC] {
		s := n.value[slotSoC]
		if !p.soc {
			p.socMin, p.socMax, p.soc = s, s, true
		}
		p.socMin, p.socMax = math.Min(p.socMin, s), math.Max(p.socMax, s)
	}
	p.temperatures(n)
	if n.fresh[slotInsulation] {
		if x := n.value[slotInsulation]; !p.iso || x < p.insulation {
			p.insulation, p.iso = x, true
		}
	}
	if n.fresh[slotWarning] {
		p.warning, p.warned = math.Max(p.warning, n.value[slotWarning]), true
	}
	if n.fresh[slotCurrent] {
		p.counter.Add(battery.Reading{
			Seconds: n.at, Current: n.value[slotCurrent], SoC: n.recent(slotSoC, 90),
			TempC: n.recent(slotTempMin, 900), Charging: n.recent(slotCharging, 900) > 0,
		})
	}
	if cells != nil {
		p.cells.Add(cells, n.recent(slotCurrent, 90), spec.Valid)
	}
}

func (p *packFold) temperatures(n *instant) {
	for _, s := range [...]slot{slotTempMin, slotTempMax} {
		if !n.fresh[s] {
			continue
		}
		x := n.value[s]
		if !p.temp {
			p.tempMin, p.tempMax, p.temp = x, x, true
		}
		p.tempMin, p.tempMax = math.Min(p.tempMin, x), math.Max(p.tempMax, x)
	}
}

func (p *packFold) features(f map[string]float64) {
	if p.soc {
		f[FeatureSoCSpan] = p.socMax - p.socMin
	}
	if p.temp {
		f[FeaturePackTempMin], f[FeaturePackTempMax] = p.tempMin, p.tempMax
	}
	if p.iso {
		f[FeatureInsulation] = p.insulation
	}
	if p.warned {
		f[FeatureWarning] = p.warning
	}
	if ah, w, ok := p.counter.Estimate(); ok {
		f[FeatureCapacity], f[FeatureCapacityWeight] = ah, w
	}
	if s, ok := p.cells.Lowest(); ok {
		f[FeatureCellLowest], f[FeatureCellMv], f[FeatureCellZ] = float64(s.Cell), s.Mv, s.Z
		if !math.IsInf(s.Next, 0) {
			f[FeatureCellNextMv] = s.Next
		}
	}
}
