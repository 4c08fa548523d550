package main

import (
	"context"
	"fmt"
	"time"

	"presage"
)

const (
	component = presage.BrakePadsFront
	part      = "BP-F-2041" // one a visit, of an hour
	pack      = 4
	visitTime = time.Hour
	// firstVisit is when the slots lie: behind the lead time of the part.
	firstVisit = 9 * 24 * time.Hour
)

// car is a vehicle with an offer out.
type car struct {
	vin                     presage.VIN
	workshop                string
	customer, caseID, offer string
	token                   string
	phone                   presage.Phone
}

// place is a workshop with a depot of its own.
func (r *rig) place(ctx context.Context, name string, bays, technicians, stock int) error {
	w := presage.Workshop{
		ID: name, Name: presage.Text{ZH: name, EN: name}, Zone: "UTC", DepotID: "depot-" + name, OpenHour: 8, CloseHour: 18,
	}
	for i := range bays {
		w.Bays = append(w.Bays, fmt.Sprintf("%s-bay-%d", name, i))
	}
	for i := range technicians {
		w.Technicians = append(w.Technicians, presage.Technician{ID: fmt.Sprintf("%s-tech-%d", name, i)})
	}
	return r.store.PutFleet(ctx, presage.Fleet{
		Depots: []presage.Depot{{ID: w.DepotID, Name: w.Name}}, Workshops: []presage.Workshop{w},
		Stock: []presage.Stock{{DepotID: w.DepotID, Part: part, OnHand: stock}},
	})
}

// cars makes n vehicles of a workshop, each with a case and an offer. VINs begin
// with tag, five capital letters.
func (r *rig) cars(ctx context.Context, tag, workshop string, n int) ([]car, error) {
	now := time.Now().UTC().Truncate(time.Second)
	list := make([]car, n)
	var fleet presage.Fleet
	for i := range list {
		c := car{
			workshop: workshop, vin: presage.VIN(fmt.Sprintf("%s%012d", tag, i)), customer: fmt.Sprintf("%s-k%d", tag, i),
			caseID: fmt.Sprintf("%s-c%d", tag, i), offer: fmt.Sprintf("%s-o%d", tag, i),
			phone: presage.Phone(fmt.Sprintf("+86139%08d", i)),
		}
		c.token = r.links.Sign(c.offer, now.AddDate(0, 0, 60))
		list[i] = c
		fleet.Customers = append(fleet.Customers, presage.Customer{
			ID: c.customer, Name: c.customer, Lang: presage.English, Zone: "UTC", Tier: "standard", Phone: c.phone,
			Consent: presage.Consent{SMS: tag == sendTag || tag == rushTag, ChangedAt: now, Source: "contract"},
		})
		fleet.Vehicles = append(fleet.Vehicles, presage.Vehicle{
			VIN: c.vin, Make: "Presage", Model: "Chaos", ModelYear: 2024, Powertrain: presage.BatteryElectric,
			InService: now.AddDate(-2, 0, 0), CustomerID: c.customer, WorkshopID: workshop,
		})
	}
	if err := r.store.PutFleet(ctx, fleet); err != nil {
		return nil, err
	}
	for _, c := range list {
		if err := r.offer(ctx, c, now); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func (r *rig) offer(ctx context.Context, c car, now time.Time) error {
	due := now.AddDate(0, 0, 30)
	err := r.store.CreateCase(ctx, presage.Case{
		ID: c.caseID, VIN: c.vin, CustomerID: c.customer, WorkshopID: c.workshop,
		Components: []presage.ComponentID{component},
		Severity:   presage.Safety, State: presage.CaseOpen, Route: presage.RouteWorkshop, Owner: "outreach",
		OpenedAt: now, UpdatedAt: now, DueAt: due, VisitBy: now.AddDate(0, 0, 60),
	}, presage.CaseEvent{At: now, Who: "chaos"})
	if err != nil {
		return err
	}
	return r.store.CreateOffer(ctx, presage.Offer{
		ID: c.offer, CaseID: c.caseID, VIN: c.vin, CreatedAt: now, ExpiresAt: due,
	}, nil, due, presage.CaseEvent{At: now, Who: "chaos"})
}

// slot is the n-th hour of visits, ten of them a day from eight o'clock.
func slot(n int) time.Time {
	day := time.Now().UTC().Add(firstVisit).Truncate(24 * time.Hour)
	return day.AddDate(0, 0, n/raceSlots).Add(time.Duration(8+n%raceSlots) * visitTime)
}
