package forecast

import (
	"fmt"
	"time"

	"presage"
	"presage/forecast/stock"
)

// Input is everything a plan depends on. Plan reads it and changes nothing in it.
type Input struct {
	Config    Config
	Catalogue *presage.Catalogue
	AsOf      time.Time
	// Prognoses of all vehicles, at most one per (vehicle, component).
	Prognoses []presage.Prognosis
	// Depots tells which depot a vehicle's parts come from; a vehicle that is
	// missing asks for nothing.
	Depots map[presage.VIN]string
	// WorkshopDepots tells which depot serves a workshop; a booking at a
	// workshop that is missing counts at its vehicle's depot.
	WorkshopDepots map[string]string
	// Cases that have not ended, at most one per vehicle.
	Cases []presage.Case
	// Bookings in any state that begin between UseFrom and the horizon's end.
	Bookings []presage.Booking
	// Use is the pieces taken on the days from UseFrom until the day before
	// AsOf; earlier and later rows count for nothing.
	Use     []presage.PartUse
	UseFrom presage.Day
	// Regions tells in which region a depot lies; one that is missing lies in "".
	Regions map[string]string
	// History is the distribution that the record of parts used gives; nil for none.
	History *History
	// Weights of the prognoses against the history; nil for the configured prior.
	Weights *Weights
	// Leads are the lead times that orders have shown; nil for the catalogue's.
	Leads *Leads
	// Orders on their way, of which stock counts the pieces as on order; received
	// ones count for nothing.
	Orders []presage.PurchaseOrder
	// Overrides of the planners; those that are not in force on AsOf count for nothing.
	Overrides []presage.DemandOverride
	// Parameters are the planners' own.
	Parameters presage.PlanningParameters
	// Archive asks for Distributions in the plan.
	Archive bool
	// Stock of all parts at all depots. A part of the catalogue is planned at
	// every depot that stands in Depots, WorkshopDepots, Use or Stock.
	Stock []presage.Stock

	chains stock.Chains // of the catalogue; set by Plan
}

// chainsOf are the supersessions of a catalogue.
func chainsOf(c *presage.Catalogue) (stock.Chains, error) {
	supersedes := map[string][]string{}
	for _, p := range c.Master().All() {
		if len(p.Supersedes) > 0 {
			supersedes[p.Number] = p.Supersedes
		}
	}
	return stock.NewChains(supersedes)
}

// historyDays is the number of whole days that Use covers, 0 or more.
func (in *Input) historyDays() float64 {
	return max(0, float64(presage.DayOf(in.AsOf)-in.UseFrom))
}

// needs maps each component to the parts of its job.
func (in *Input) needs() (map[presage.ComponentID][]presage.PartQuantity, error) {
	out := make(map[presage.ComponentID][]presage.PartQuantity, len(in.Catalogue.Components))
	for _, c := range in.Catalogue.Components {
		if c.JobCode == "" {
			continue // nothing a workshop could do
		}
		job, err := in.Catalogue.Job(c.JobCode)
		if err != nil {
			return nil, fmt.Errorf("component %s: %w", c.ID, err)
		}
		out[c.ID] = job.Parts
	}
	return out, nil
}
