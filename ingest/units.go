package ingest

import (
	"fmt"
	"log/slog"
	"strconv"
	"strings"

	"presage"
)

// maxTraps bounds how many pairs of vehicle and signal are remembered to have
// been told of, some 100 bytes each. Beyond it they are counted alone.
const maxTraps = 100_000

// unitTraps tells of readings that another unit would explain: once for each
// vehicle and signal since the start. It belongs to the collector.
type unitTraps struct{ told map[unitTrap]struct{} }

type unitTrap struct {
	vin    presage.VIN
	signal string // of the table
}

// odd tells whether v is outside the signal's typical range. It is asked of
// every reading, and LikelyUnit of those few alone.
func (e *entry) odd(v presage.Value) bool {
	x := v.Number
	if e.kind == presage.KindArray && len(v.Array) > 0 {
		x = v.Array[0]
	}
	return x < e.low || x > e.high
}

// tellUnits looks at the readings of b that are out of their typical range.
// They are stored as they were sent; the letter holds copies of them.
func (p *Pipeline) tellUnits(b *batch) {
	for _, it := range b.items {
		if it.redrive != nil || !it.odd && it.kind != "" || len(it.samples) == 0 {
			continue
		}
		var found Fault
		var copies []presage.Sample
		for _, s := range it.samples {
			out := presage.Sample{VIN: s.VIN, Time: s.Time}
			for _, r := range s.Readings {
				if detail := p.unitDetail(s.VIN, r); detail != "" {
					if found.Count++; found.Count == 1 {
						found.Detail = detail
					}
					out.Readings = append(out.Readings, r)
				}
			}
			if len(out.Readings) > 0 {
				copies = append(copies, out)
			}
		}
		if found.Count > 0 {
			found.Reason, found.Payload = ReasonSuspectUnit, document(copies)
			it.faults = append(it.faults, found)
		}
	}
}

// unitDetail counts a reading that another unit would explain, and describes it
// the first time; "" otherwise.
func (p *Pipeline) unitDetail(vin presage.VIN, r presage.Reading) string {
	e := signalTable().byName[r.Signal]
	if e == nil || r.Value.Kind != e.kind || !e.odd(r.Value) {
		return ""
	}
	x := r.Value.Number
	if e.kind == presage.KindArray {
		if len(r.Value.Array) == 0 {
			return ""
		}
		x = r.Value.Array[0]
	}
	spec, _ := presage.LookupSignal(e.name)
	unit, own := spec.LikelyUnit(x)
	if unit == "" {
		return ""
	}
	p.metrics.units.Inc()
	trap := unitTrap{vin, e.name}
	if _, told := p.units.told[trap]; told || len(p.units.told) >= maxTraps {
		return ""
	}
	if p.units.told == nil {
		p.units.told = map[unitTrap]struct{}{}
	}
	trap.vin = presage.VIN(strings.Clone(string(vin))) // it may be a piece of a large message
	p.units.told[trap] = struct{}{}
	detail := fmt.Sprintf("%q: %s would be usual in %s (%s %s): the signal is in %s; it is stored as it was sent: "+
		"let the vehicle convert it, or a mapping (ingest.mappings)",
		e.name, digits(x), unit, digits(own), spec.Unit, spec.Unit)
	p.log.Info("ingest: a vehicle seems to report in another unit",
		slog.Any("vehicle", vin), slog.String("signal", e.name), slog.Float64("value", x),
		slog.String("unit", spec.Unit), slog.String("likely", unit))
	return detail
}

// digits writes x to six significant digits, without an exponent.
func digits(x float64) string {
	rounded, _ := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 6, 64), 64)
	return strconv.FormatFloat(rounded, 'f', -1, 64)
}
