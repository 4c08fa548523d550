package ingest

import (
	"context"
	"errors"
	"time"

	"presage"
)

// SelfRegistered is a Fleet that counts the vehicles that made themselves known
// by their first message.
type SelfRegistered interface {
	CountSelfRegistered(ctx context.Context) (int, error)
}

// recountEvery is how often the count is taken again while nobody more may register.
const recountEvery = time.Minute

// register bounds how many vehicles make themselves known: a client of a broker
// without secrets may invent VINs. Far from the bound nobody is looked up; what
// is on its way when it is reached (a few batches) may go beyond it.
type register struct {
	counted bool
	n       int  // at least as many as are registered, until exact
	exact   bool // every VIN not seen before is looked up
	at      time.Time
}

// stranger tells whether vin, which nobody has asked about since the start, may
// not come in. The caller holds knowing.
func (p *Pipeline) stranger(ctx context.Context, vin presage.VIN) (bool, error) {
	if p.cfg.Unknown == UnknownRegister {
		near, err := p.nearBound(ctx)
		if err != nil || !near {
			return false, err
		}
	}
	_, err := p.deps.Fleet.Vehicle(ctx, vin)
	if err == nil {
		return false, nil
	}
	if !errors.Is(err, presage.ErrNotFound) {
		return false, err
	}
	if p.cfg.Unknown != UnknownRegister || p.register.n >= p.cfg.RegisterTotal {
		return true, nil
	}
	p.register.n++
	return false, nil
}

// nearBound counts a vehicle in, or tells that it has to be looked up.
func (p *Pipeline) nearBound(ctx context.Context) (bool, error) {
	fleet, r := p.deps.Fleet.(SelfRegistered), &p.register //nolint:forcetypeassert // see bounded
	count := func() error {
		n, err := fleet.CountSelfRegistered(ctx)
		if err == nil {
			r.n, r.counted, r.at = n, true, p.now()
		}
		return err
	}
	if !r.counted {
		if err := count(); err != nil {
			return false, err
		}
	}
	full := r.n >= p.cfg.RegisterTotal
	if !full && !r.exact {
		r.n++
		return false, nil
	}
	if !r.exact || full && p.now().Sub(r.at) >= recountEvery {
		if err := count(); err != nil {
			return false, err
		}
		r.exact = true
	}
	return true, nil
}

// bounded tells whether some vehicles may not come in.
func (p *Pipeline) bounded() bool {
	_, counts := p.deps.Fleet.(SelfRegistered)
	return p.cfg.Unknown != UnknownRegister || p.cfg.RegisterTotal > 0 && counts
}
