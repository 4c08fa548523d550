package prognosispack

import (
	"encoding/binary"
	"fmt"
	"time"

	"presage"
)

// version is the first byte of packed prognoses.
const version = 1

// Pack appends the packed prognoses of one vehicle to dst. Instants are between
// the years 1678 and 2262, or none. ErrInvalid: a number is infinite or none at all.
func Pack(dst []byte, ps []presage.Prognosis) ([]byte, error) {
	w := writer{out: append(dst, version)}
	w.count(len(ps))
	for i := range ps {
		if w.prognosis(&ps[i]); w.endless {
			return nil, fmt.Errorf("prognosis of %s: %w: a figure is no finite number", ps[i].Component, presage.ErrInvalid)
		}
	}
	return w.out, nil
}

// writer appends to out.
type writer struct {
	out               []byte
	asOf, dataThrough int64 // of the prognosis before, in nanoseconds since 1970
	endless           bool  // a number was not finite
}

func (w *writer) prognosis(p *presage.Prognosis) {
	w.text(string(p.Component))
	w.text(string(p.Status))
	w.text(string(p.Basis))
	w.text(p.Model.ID)
	w.text(p.Model.Version)
	w.instant(p.AsOf, &w.asOf)
	w.instant(p.DataThrough, &w.dataThrough)
	for _, x := range p.Figures() {
		w.number(*x)
	}
	w.number(float64(p.OdometerKm))
	if p.Terms == nil {
		w.count(0)
	} else {
		w.count(len(p.Terms) + 1)
	}
	for _, t := range p.Terms {
		w.text(t.Name)
		w.text(t.Unit)
		w.number(t.Value)
		w.number(t.Effect)
	}
	m := p.Measured
	if m == nil {
		w.count(0)
		return
	}
	w.count(1)
	w.text(m.Feature)
	w.text(m.Unit)
	w.number(m.Value)
	w.number(m.Limit)
}

func (w *writer) count(n int) { w.out = binary.AppendUvarint(w.out, uint64(n)) }

func (w *writer) text(s string) {
	at := places()[s] // 0 for one that has none
	w.count(at)
	if at == 0 {
		w.count(len(s))
		w.out = append(w.out, s...)
	}
}

func (w *writer) instant(t time.Time, before *int64) {
	if t.IsZero() {
		w.count(0)
		return
	}
	w.count(1)
	at := t.UnixNano()
	w.out = binary.AppendVarint(w.out, at-*before)
	*before = at
}
