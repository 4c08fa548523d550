package stock

import (
	"fmt"
	"math"

	"presage"
	"presage/forecast/fleet"
)

// Over is the distribution of the demand of the first days days, >= 1, that no booking
// has reserved pieces for. It is asked for at most about ten numbers of days.
type Over func(days int) (fleet.Distribution, error)

// maxCells bounds the width of a distribution, in pieces.
const maxCells = 1 << 24

// During is the demand of a lead time and more days, >= 0: the mixture over the
// lead time's strata of the distributions of so many days. An error is that of over, or
// an ErrInvalid for a distribution without a cell.
func During(over Over, lead LeadTime, more int) (fleet.Distribution, error) {
	nodes := lead.Nodes()
	if len(nodes) == 0 || more < 0 {
		return fleet.Distribution{}, fmt.Errorf(
			"%w lead time without a distribution, or %d days more: make it by NewLeadTime", presage.ErrInvalid, more)
	}
	var laws [strata]fleet.Distribution
	first, end := math.MaxInt, 0
	for i, n := range nodes {
		law, err := at(over, n.Days+more)
		if err != nil {
			return fleet.Distribution{}, err
		}
		laws[i] = law
		first, end = min(first, law.First), max(end, law.First+len(law.Mass))
	}
	if len(nodes) == 1 {
		return laws[0], nil
	}
	out := fleet.Distribution{First: first, Mass: make([]float64, end-first)}
	for i, n := range nodes {
		cells := out.Mass[laws[i].First-first:]
		for j, m := range laws[i].Mass {
			cells[j] += n.Weight * m
		}
		out.Tail += n.Weight * laws[i].Tail
	}
	return out, nil
}

// at is the distribution of so many days; that of no day is no piece.
func at(over Over, days int) (fleet.Distribution, error) {
	if days <= 0 {
		return fleet.Point(0), nil
	}
	law, err := over(days)
	if err != nil {
		return law, fmt.Errorf("demand of %d days: %w", days, err)
	}
	if len(law.Mass) == 0 || law.First < 0 || law.First+len(law.Mass) > maxCells {
		return law, fmt.Errorf("%w distribution of the demand of %d days: %d cells from %d", presage.ErrInvalid, days,
			len(law.Mass), law.First)
	}
	return law, nil
}
