package prognosispack

import (
	"fmt"
	"time"

	"presage"
	"presage/internal/packed"
)

// Unpack reads the packed prognoses of a vehicle.
func Unpack(vin presage.VIN, data []byte) ([]presage.Prognosis, error) {
	if len(data) == 0 || data[0] != version {
		return nil, fmt.Errorf(
			"packed prognoses: %w: they do not begin with version %d: a newer program wrote them, or they are damaged",
			presage.ErrInvalid, version)
	}
	r := reader{Reader: packed.Reader{Left: data[1:]}}
	ps := make([]presage.Prognosis, r.Count(len(data)))
	for i := range ps {
		ps[i].VIN = vin
		r.prognosis(&ps[i])
	}
	if r.Bad || len(r.Left) > 0 {
		return nil, fmt.Errorf("packed prognoses: %w: %d bytes cannot be read", presage.ErrInvalid, len(data))
	}
	return ps, nil
}

// reader reads what a writer wrote.
type reader struct {
	packed.Reader

	asOf, dataThrough int64 // of the prognosis before, in nanoseconds since 1970
}

func (r *reader) prognosis(p *presage.Prognosis) {
	p.Component = presage.ComponentID(r.text())
	p.Status = presage.Status(r.text())
	p.Basis = presage.Basis(r.text())
	p.Model = presage.ModelRef{ID: r.text(), Version: r.text()}
	p.AsOf, p.DataThrough = r.instant(&r.asOf), r.instant(&r.dataThrough)
	for _, x := range p.Figures() {
		*x = number(&r.Reader)
	}
	p.OdometerKm = presage.Kilometre(number(&r.Reader))
	if n := r.Count(len(r.Left)); n > 0 {
		p.Terms = make([]presage.Term, n-1)
	}
	for i := range p.Terms {
		t := &p.Terms[i]
		t.Name, t.Unit = r.text(), r.text()
		t.Value, t.Effect = number(&r.Reader), number(&r.Reader)
	}
	if r.Count(1) == 1 {
		p.Measured = &presage.Measured{Feature: r.text(), Unit: r.text(), Value: number(&r.Reader), Limit: number(&r.Reader)}
	}
}

func (r *reader) text() string {
	if at := r.Count(len(texts)); at > 0 {
		return texts[at-1]
	}
	return string(r.Bytes(r.Count(len(r.Left))))
}

func (r *reader) instant(before *int64) time.Time {
	if r.Count(1) == 0 {
		return time.Time{}
	}
	*before += r.Signed()
	return time.Unix(0, *before).UTC()
}
