package forecast

import (
	"cmp"
	"math"
	"slices"
	"time"

	"presage"
	"presage/forecast/stock"
)

// Leads are the days that orders took, by part and supplier: a supplier serves all depots alike.
type Leads struct{ days, late map[bought][]float64 }

// bought is a part from a supplier, "" for one that nobody has named.
type bought struct{ part, supplier string }

// LearnLeads takes orders, in any order. A received one shows a lead time; one
// that is overdue at now shows that its own is longer than its age. One that is
// not due yet shows nothing: the promise under which it was placed said as
// much. A receipt within a day or so of the promise counts as kept to the hour:
// many are booked on the day after. Days count from when the supplier dispatched,
// by its calendar. Receipts before that, or past ten years, count for nothing.
func LearnLeads(orders []presage.PurchaseOrder, from presage.Sourcing, now time.Time) *Leads {
	l := &Leads{days: map[bought][]float64{}, late: map[bought][]float64{}}
	for _, o := range orders {
		if o.From != "" { // a transfer says nothing of suppliers
			continue
		}
		until, to := now, l.late
		if !o.ReceivedAt.IsZero() {
			until, to = o.ReceivedAt, l.days
			if late := until.Sub(o.ExpectedAt); late > 0 && late < promised {
				until = o.ExpectedAt
			}
		} else if o.ExpectedAt.IsZero() || !o.ExpectedAt.Before(now) {
			continue
		}
		by := bought{o.Part, from.SupplierOf(o.Supplier, o.Part)}
		sent := from.Dispatch(by.supplier, o.OrderedAt)
		if days := until.Sub(sent).Hours() / 24; days >= 0 && days <= longestLead {
			to[by] = append(to[by], days)
		}
	}
	for _, by := range [...]map[bought][]float64{l.days, l.late} {
		for _, days := range by {
			slices.SortFunc(days, cmp.Compare[float64]) // sums end in the same bits
		}
	}
	return l
}

// promised is how long after the day promised a receipt was still in time.
const promised = 30 * time.Hour

// longestLead bounds what is believed to be a lead time, in days.
const longestLead = 3650

// of is the distribution of the lead time of a part from a supplier: the catalogue's until orders show
// another, and exactly the catalogue's where none was received nor is overdue.
func (l *Leads) of(part presage.Part, supplier string, cfg *Config) (stock.LeadTime, error) {
	days := float64(cfg.LeadTimeDays)
	if part.LeadTimeDays > 0 {
		days = float64(part.LeadTimeDays)
	}
	by := bought{part.Number, supplier}
	if l == nil || len(l.days[by])+len(l.late[by]) == 0 {
		return stock.NewLeadTime(days, 0)
	}
	return stock.DefaultLeadPrior(days).Learn(l.days[by], l.late[by])
}

// overdue are the pieces by location that were expected before AsOf and did not come; those
// of a superseded part are its successor's.
func (in *Input) overdue() map[location]int {
	out := map[location]int{}
	for _, o := range in.Orders {
		if o.ReceivedAt.IsZero() && o.ExpectedAt.Before(in.AsOf) {
			out[location{in.chains.Newest(o.Part), o.DepotID}] += o.Quantity
		}
	}
	return out
}

// receipts are the orders on their way by location, the first to arrive first;
// those of a superseded part are its successor's. An order counts on the whole
// day after which it is there for sure, tomorrow at the earliest; one that is overdue
// as late again as it is already (see presage.PurchaseOrder.Arrives).
func (in *Input) receipts() map[location][]stock.Receipt {
	out := map[location][]stock.Receipt{}
	for _, o := range in.Orders {
		if !o.ReceivedAt.IsZero() || o.Quantity < 1 {
			continue
		}
		days := math.Ceil(o.Arrives(in.AsOf).Sub(in.AsOf).Hours() / 24)
		loc := location{in.chains.Newest(o.Part), o.DepotID}
		out[loc] = append(out[loc], stock.Receipt{Days: int(min(max(days, 1), longestLead)), Pieces: o.Quantity})
	}
	for _, due := range out {
		slices.SortFunc(due, func(a, b stock.Receipt) int { return cmp.Or(a.Days-b.Days, a.Pieces-b.Pieces) })
	}
	return out
}
