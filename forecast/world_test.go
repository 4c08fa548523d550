package forecast_test

import (
	"fmt"
	"math/rand/v2"
	"time"

	"presage"
	"presage/forecast"
)

// midnight is when the plans of these tests are made.
func midnight() time.Time { return time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC) }

func today() presage.Day { return presage.DayOf(midnight()) }

// catalogue has front pads (one set a job, 29 days of lead time, packs of
// four) and tyres (two a job, lead time left to the configuration).
func catalogue() *presage.Catalogue {
	return &presage.Catalogue{
		Components: []presage.Component{
			{ID: presage.BrakePadsFront, JobCode: "PADS"},
			{ID: presage.TyreLeak, JobCode: "TYRES"},
			{ID: "software", Routes: []presage.Route{presage.RouteOTA}},
		},
		Jobs: []presage.Job{
			{Code: "PADS", Parts: []presage.PartQuantity{{Part: "P-PAD", Quantity: 1}}},
			{Code: "TYRES", Parts: []presage.PartQuantity{{Part: "P-TYRE", Quantity: 2}}},
		},
		Parts: []presage.Part{
			{Number: "P-PAD", LeadTimeDays: 29, PackSize: 4},
			{Number: "P-TYRE"},
		},
	}
}

// exact is a configuration whose outcome can be worked out by hand: no common
// error, and next to nothing unpredicted.
func exact() forecast.Config {
	c := forecast.Default()
	c.ScaleVariance, c.CoverDays = 0, 0
	c.Unpredicted.Jobs = 1e-6
	return c
}

func worn(vin presage.VIN, id presage.ComponentID, p30 float64) presage.Prognosis {
	return presage.Prognosis{
		VIN: vin, Component: id, AsOf: midnight(),
		FailWithin: presage.FailWithin{D7: p30 / 4, D30: p30, D60: p30 + (1-p30)/2, D90: p30 + (1-p30)/1.5},
	}
}

// visit is a confirmed booking in the given number of days at workshop W1.
func visit(vin presage.VIN, inDays int, job string, parts ...presage.PartQuantity) presage.Booking {
	return presage.Booking{
		VIN: vin, WorkshopID: "W1", Start: midnight().AddDate(0, 0, inDays).Add(9 * time.Hour),
		Jobs: []string{job}, Parts: parts, State: presage.BookingConfirmed,
	}
}

func offered(vin presage.VIN, ids ...presage.ComponentID) presage.Case {
	return presage.Case{VIN: vin, State: presage.CaseOffered, Components: ids}
}

// small is three vehicles at depot D1: one merely worn, one with an offer, one
// booked; all with the wear given by hand.
func small() forecast.Input {
	return forecast.Input{
		Config: exact(), Catalogue: catalogue(), AsOf: midnight(), UseFrom: today(),
		Prognoses: []presage.Prognosis{
			worn("A", presage.BrakePadsFront, .3),
			worn("B", presage.BrakePadsFront, .5),
			worn("C", presage.BrakePadsFront, .9),
			worn("A", "software", .9),
		},
		Depots:         map[presage.VIN]string{"A": "D1", "B": "D1", "C": "D1"},
		WorkshopDepots: map[string]string{"W1": "D1"},
		Cases:          []presage.Case{offered("B", presage.BrakePadsFront)},
		Bookings:       []presage.Booking{visit("C", 5, "PADS", presage.PartQuantity{Part: "P-PAD", Quantity: 1})},
		Stock:          []presage.Stock{{DepotID: "D1", Part: "P-PAD", OnHand: 3, Reserved: 2}},
	}
}

// large is a fleet of n vehicles spread over three depots, with parts parts of
// one component each.
func large(n, parts int) forecast.Input {
	r := rand.New(rand.NewPCG(1, 2))
	in := forecast.Input{
		Config: forecast.Default(), Catalogue: &presage.Catalogue{}, AsOf: midnight(), UseFrom: today() - 90,
		Depots: map[presage.VIN]string{}, WorkshopDepots: map[string]string{"W1": "D1"},
	}
	for k := range parts {
		id, part := presage.ComponentID(fmt.Sprintf("c%02d", k)), fmt.Sprintf("P-%02d", k)
		in.Catalogue.Components = append(in.Catalogue.Components, presage.Component{ID: id, JobCode: part})
		in.Catalogue.Jobs = append(in.Catalogue.Jobs, presage.Job{
			Code: part, Parts: []presage.PartQuantity{{Part: part, Quantity: 1 + k%2}},
		})
		in.Catalogue.Parts = append(in.Catalogue.Parts, presage.Part{Number: part, LeadTimeDays: 7 + k, PackSize: 1 + k%3})
	}
	for i := range n {
		vin := presage.VIN(fmt.Sprintf("V%04d", i))
		in.Depots[vin] = fmt.Sprintf("D%d", i%3)
		for _, c := range in.Catalogue.Components {
			p := r.Float64()
			in.Prognoses = append(in.Prognoses, worn(vin, c.ID, p*p*p*p))
		}
		if i%9 == 0 {
			in.Cases = append(in.Cases, offered(vin, in.Catalogue.Components[i%parts].ID))
		}
		if i%11 == 0 {
			c := in.Catalogue.Components[(i+1)%parts]
			in.Bookings = append(in.Bookings, visit(vin, i%30, c.JobCode, in.Catalogue.Jobs[(i+1)%parts].Parts...))
		}
		in.Use = append(in.Use, presage.PartUse{
			DepotID: in.Depots[vin], Part: in.Catalogue.Parts[i%parts].Number, Day: today() - presage.Day(i%90) - 1, Quantity: 2,
		})
	}
	for _, p := range in.Catalogue.Parts {
		for d := range 3 {
			in.Stock = append(in.Stock, presage.Stock{DepotID: fmt.Sprintf("D%d", d), Part: p.Number, OnHand: r.IntN(9)})
		}
	}
	return in
}
