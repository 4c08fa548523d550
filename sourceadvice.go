package presage

// SourceAdvice is what one of several suppliers of a part has to offer at a depot.
type SourceAdvice struct {
	Supplier     string  `json:"supplier"`
	Price        Money   `json:"price"`
	LeadTimeDays float64 `json:"lead_time_days"` // mean, from dispatch
	LeadTimeP90  float64 `json:"lead_time_p90"`
	WaitDays     int     `json:"wait_days"`     // until it dispatches an order of today
	ReorderPoint int     `json:"reorder_point"` // that its lead time asks for
	// YearCost is that of a year's demand and of holding what its lead time makes one hold.
	YearCost Money `json:"year_cost"`
	// Missing is the mean number of pieces asked for in vain before an order of today is here,
	// and StockOutRisk the probability of any; both 0 where nothing is ordered.
	Missing      float64   `json:"missing"`
	StockOutRisk float64   `json:"stock_out_risk"`
	Why          SourceWhy `json:"why,omitempty" enum:"cheapest,urgent"`
}

// SourceWhy is why a supplier is the one to order from now; empty for the others.
type SourceWhy string

// Why a supplier is chosen.
const (
	// SourceCheapest has the least cost of a year; its levels keep the service level.
	SourceCheapest SourceWhy = "cheapest"
	// SourceUrgent brings the pieces so much sooner that fewer are missing, which is worth more
	// than what it costs more.
	SourceUrgent SourceWhy = "urgent"
)

// Chosen is the source to order from now and the one of the least cost of a year; nil where the
// part has not several.
func (a ReorderAdvice) Chosen() (now, usual *SourceAdvice) {
	for i, s := range a.Sources {
		if s.Supplier == a.Supplier {
			now = &a.Sources[i]
		}
		if usual == nil || s.YearCost.Minor < usual.YearCost.Minor {
			usual = &a.Sources[i]
		}
	}
	return now, usual
}
