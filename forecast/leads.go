package forecast

import (
	"cmp"
	"slices"

	"presage"
	"presage/forecast/stock"
)

// Leads are the days that received orders took, by part: a supplier serves all
// depots alike.
type Leads struct{ days map[string][]float64 }

// LearnLeads takes the received orders, in any order; those still on their way,
// and those received before they were ordered, count for nothing.
func LearnLeads(orders []presage.PurchaseOrder) *Leads {
	l := &Leads{days: map[string][]float64{}}
	for _, o := range orders {
		days := o.ReceivedAt.Sub(o.OrderedAt).Hours() / 24
		if !o.ReceivedAt.IsZero() && days >= 0 && days <= longestLead {
			l.days[o.Part] = append(l.days[o.Part], days)
		}
	}
	for _, days := range l.days {
		slices.SortFunc(days, cmp.Compare[float64]) // sums end in the same bits
	}
	return l
}

// longestLead bounds what is believed to be a lead time, in days.
const longestLead = 3650

// of is the law of the part's lead time: the catalogue's until orders show
// another, and exactly the catalogue's where none was received.
func (l *Leads) of(part presage.Part, cfg *Config) (stock.LeadTime, error) {
	days := float64(cfg.LeadTimeDays)
	if part.LeadTimeDays > 0 {
		days = float64(part.LeadTimeDays)
	}
	if l == nil || len(l.days[part.Number]) == 0 {
		return stock.NewLeadTime(days, 0)
	}
	return stock.DefaultLeadPrior(days).Learn(l.days[part.Number], nil)
}

// leadDays is the part's lead time, the configured one when its row names none.
func leadDays(c *presage.Catalogue, part string, cfg *Config) int {
	if p, err := c.Part(part); err == nil && p.LeadTimeDays > 0 {
		return p.LeadTimeDays
	}
	return cfg.LeadTimeDays
}
