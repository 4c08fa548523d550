package eval

import (
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"

	"presage/cmd/presage/lab/sheet"
	laws "presage/models/life"
)

// evaluateLives fits public lives of car parts and compares with what R and
// the books say of the same. What is not in the folder is left out.
func evaluateLives(o Options, t *Table) error {
	for _, part := range []struct {
		file string
		do   func(*sheet.Sheet, *Table) error
	}{
		{"brake_pads/brake_pads_98.csv", padLives},
		{"reliability/shockabsorber.csv", absorberLives},
		{"reliability/valveseat.csv", seatHistories},
	} {
		s, err := sheet.Read(filepath.Join(o.Data, filepath.FromSlash(part.file)))
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err == nil {
			err = part.do(s, t)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", part.file, err)
		}
	}
	return nil
}

// equal judges figures that must agree to the digits that are published.
func (t *Table) equal(name string, got, want, within float64) {
	t.Judge(math.Abs(got-want) <= within, name, fmt.Sprintf("%.5g", got), fmt.Sprintf("%.5g", want))
}

func padLives(s *sheet.Sheet, t *Table) error {
	entry, err := s.Numbers("left_trunc_km1000", false)
	if err != nil {
		return err
	}
	exit, err := s.Numbers("pad_life_km1000", false)
	if err != nil {
		return err
	}
	lives := make([]laws.Life, len(exit))
	for i := range exit {
		lives[i] = laws.Exact(entry[i], exit[i])
	}
	for _, c := range []struct {
		family laws.Family
		logL   float64
		names  []string
		values []float64
	}{
		{laws.FamilyWeibull, -451.467, []string{"scale", "shape"}, []float64{71.995, 2.360}},
		{laws.FamilyLognormal, -452.244, []string{"mu", "sigma"}, []float64{4.1093, 0.4214}},
		{laws.FamilyGamma, -450.657, nil, nil},
		{laws.FamilyLogLogistic, -452.335, nil, nil},
	} {
		f, err := laws.Fit(lives, c.family)
		if err != nil {
			return err
		}
		name := "brake pads, left-truncated, " + c.family.String()
		t.equal(name+": log L", f.LogLikelihood, c.logL, 6e-4)
		for i, p := range c.names {
			t.equal(name+": "+p, f.Parameters()[p], c.values[i], 6e-4)
		}
	}
	steps, err := laws.ProductLimit(lives)
	if err != nil {
		return err
	}
	t.equal("brake pads, product limit: S(50,000 km)", steps.At(50, 1), 0.6755, 6e-5)
	t.equal("brake pads, product limit: S(80,000 km)", steps.At(80, 1), 0.2593, 6e-5)
	return nil
}

func absorberLives(s *sheet.Sheet, t *Table) error {
	ages, err := s.Numbers("miles", false)
	if err != nil {
		return err
	}
	modes, err := s.Texts("mode")
	if err != nil {
		return err
	}
	for _, c := range []struct {
		name      string
		counts    func(mode string) bool
		eta, beta float64
	}{
		{"both modes", func(m string) bool { return m != "Censored" }, 27718.7, 3.160},
		{"mode 1", func(m string) bool { return m == "Mode1" }, 31206, 3.384},
		{"mode 2", func(m string) bool { return m == "Mode2" }, 40866, 2.822},
	} {
		lives := make([]laws.Life, len(ages))
		for i, age := range ages {
			lives[i] = laws.Alive(0, age)
			if c.counts(modes[i]) {
				lives[i] = laws.Exact(0, age)
			}
		}
		f, err := laws.Fit(lives, laws.FamilyWeibull)
		if err != nil {
			return err
		}
		t.equal("shock absorbers, "+c.name+": eta, km", f.Parameters()["scale"], c.eta, 0.6)
		t.equal("shock absorbers, "+c.name+": beta", f.Parameters()["shape"], c.beta, 6e-4)
	}
	return nil
}

func seatHistories(s *sheet.Sheet, t *Table) error {
	engines, err := s.Texts("engine")
	if err != nil {
		return err
	}
	days, err := s.Numbers("days", false)
	if err != nil {
		return err
	}
	events, err := s.Texts("event")
	if err != nil {
		return err
	}
	place := map[string]int{}
	var units []laws.History
	for i, engine := range engines {
		if _, ok := place[engine]; !ok {
			place[engine] = len(units)
			units = append(units, laws.History{})
		}
		u := &units[place[engine]]
		if events[i] == "end" {
			u.End = days[i]
			continue
		}
		u.Events = append(u.Events, days[i])
	}
	steps, err := laws.MeanCumulative(units)
	if err != nil {
		return err
	}
	t.equal("valve seats: replacements an engine in 604 days", steps.At(604, 0), 1.0597, 6e-5)
	t.equal("valve seats: replacements an engine in 653 days", steps.At(653, 0), 1.5427, 6e-5)
	return nil
}
