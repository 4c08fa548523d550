package ingest

import (
	"context"
	"fmt"
	"log/slog"
	"strings"

	"presage"
)

// ReasonTooManyNames is that of the one letter that a vehicle gets for readings
// under more signal names than it may invent. It holds the first such reading;
// the others are stored nowhere.
const ReasonTooManyNames = "too_many_names"

// maxTold bounds the memory of who was told: beyond it everybody may be told again.
const maxTold = 1 << 16

// Names bounds the signal names that are not in the signal table, which
// vehicles choose as they like.
type Names interface {
	// Admit tells of each use whether its name may be stored, and remembers,
	// durably, those that may. An error holds the pipeline like that of a store.
	// The texts must not be kept: they may be pieces of a large message.
	Admit(ctx context.Context, uses []presage.NameUse) ([]bool, error)
}

// admitNames takes readings out of b whose names nobody may store.
func (p *Pipeline) admitNames(ctx context.Context, b *batch) error {
	if p.deps.Names == nil {
		return nil
	}
	uses, places := nameUses(b)
	if len(uses) == 0 {
		return nil
	}
	var admitted []bool
	err := p.retry(ctx, b, "names", func() (err error) {
		admitted, err = p.deps.Names.Admit(ctx, uses)
		return err
	})
	if err != nil {
		return err
	}
	for _, it := range b.items {
		if it.unknown {
			p.dropNames(it, func(u presage.NameUse) bool { return admitted[places[nameKey{u.VIN, u.Name}]] })
		}
	}
	return nil
}

// nameKey is a name of a vehicle.
type nameKey struct {
	vin  presage.VIN
	name string
}

// nameUses lists each name of each vehicle in b once, with the newest day, and
// where it stands in the list.
func nameUses(b *batch) (uses []presage.NameUse, places map[nameKey]int) {
	for _, it := range b.items {
		if !it.unknown {
			continue
		}
		for _, s := range it.samples {
			day := presage.DayOf(s.Time)
			for _, r := range s.Readings {
				if presage.ReservedSignal(r.Signal) {
					continue
				}
				if places == nil {
					places = map[nameKey]int{}
				}
				key := nameKey{s.VIN, r.Signal}
				if i, ok := places[key]; ok {
					uses[i].Day = max(uses[i].Day, day)
					continue
				}
				places[key] = len(uses)
				uses = append(uses, presage.NameUse{VIN: s.VIN, Name: r.Signal, Day: day})
			}
		}
	}
	return uses, places
}

// dropNames keeps of it what is admitted, and tells its vehicle once of the rest.
func (p *Pipeline) dropNames(it *item, admitted func(presage.NameUse) bool) {
	var first presage.Sample
	dropped, samples := 0, it.samples[:0]
	for _, s := range it.samples {
		kept := s.Readings[:0]
		for _, r := range s.Readings {
			if presage.ReservedSignal(r.Signal) || admitted(presage.NameUse{VIN: s.VIN, Name: r.Signal}) {
				kept = append(kept, r)
				continue
			}
			if dropped++; dropped == 1 {
				first = presage.Sample{VIN: s.VIN, Time: s.Time, Readings: []presage.Reading{r}}
			}
		}
		if s.Readings = kept; len(kept) > 0 {
			samples = append(samples, s)
		}
	}
	it.samples = samples
	if dropped == 0 {
		return
	}
	p.metrics.namesRefused.Add(float64(dropped))
	if p.tell(it.vin) || it.redrive != nil {
		it.faults = append(it.faults, Fault{
			Reason: ReasonTooManyNames, Count: dropped, Payload: document([]presage.Sample{first}),
			Detail: fmt.Sprintf("%.64q is a further signal name outside the signal table, beyond what is kept: "+
				"readings under such names are not stored, and this is said once; "+
				"see presage names, store.names_per_vehicle and store.names_total", first.Readings[0].Signal),
		})
		p.log.Warn("a vehicle sends more signal names of its own than are kept: readings under the others are not stored",
			slog.String("vin", it.vin.Masked()), slog.Int("readings", dropped))
	}
}

// tell is true when vin has not been told since the start.
func (p *Pipeline) tell(vin presage.VIN) bool {
	p.knowing.Lock()
	defer p.knowing.Unlock()
	if _, told := p.told[vin]; told {
		return false
	}
	if len(p.told) >= maxTold {
		clear(p.told)
	}
	p.told[presage.VIN(strings.Clone(string(vin)))] = struct{}{}
	return true
}
