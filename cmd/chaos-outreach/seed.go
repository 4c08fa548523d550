package main

import (
	"context"
	"fmt"
	"strings"
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
		w.Bays = append(w.Bays, presage.Bay{ID: fmt.Sprintf("%s-bay-%d", name, i)})
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
	due := time.Now().UTC().Truncate(time.Second).AddDate(0, 0, 30)
	return r.carsDue(ctx, tag, workshop, n, func(int) time.Time { return due })
}

// carsDue is cars whose offers are to be answered by a time of their own.
func (r *rig) carsDue(ctx context.Context, tag, workshop string, n int, due func(i int) time.Time) ([]car, error) {
	now := time.Now().UTC().Truncate(time.Second)
	list, err := r.owners(ctx, tag, workshop, n)
	if err != nil {
		return nil, err
	}
	for i, c := range list {
		if err := r.offer(ctx, c, now, due(i)); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// owners makes the vehicles alone.
func (r *rig) owners(ctx context.Context, tag, workshop string, n int) ([]car, error) {
	now := time.Now().UTC().Truncate(time.Second)
	list := make([]car, n)
	sent := strings.HasPrefix(tag, sendTag[:4])
	var fleet presage.Fleet
	var devices []presage.Device
	for i := range list {
		c := car{
			workshop: workshop, vin: presage.VIN(fmt.Sprintf("%s%012d", tag, i)), customer: fmt.Sprintf("%s-k%d", tag, i),
			caseID: fmt.Sprintf("%s-c%d", tag, i), offer: fmt.Sprintf("%s-o%d", tag, i),
			phone: presage.Phone(fmt.Sprintf("+86139%08d", i)),
		}
		if tag == couponTag { // what they are told counts by itself
			c.phone = presage.Phone(fmt.Sprintf("+86138%08d", i))
		}
		c.token = r.links.Sign(c.offer, now.AddDate(0, 0, 60))
		list[i] = c
		fleet.Customers = append(fleet.Customers, presage.Customer{
			ID: c.customer, Name: c.customer, Lang: presage.English, Zone: "UTC", Tier: "standard", Phone: c.phone,
			Email: mailbox(c),
			Consent: presage.Consent{
				Push: sent, Email: sent, SMS: sent || tag == rushTag || tag == couponTag, ChangedAt: now, Source: "contract",
			},
		})
		if sent {
			devices = append(devices, presage.Device{
				ID: "phone", CustomerID: c.customer, Platform: presage.Android, Token: presage.Secret(deviceToken(c)), SeenAt: now,
			})
		}
		fleet.Vehicles = append(fleet.Vehicles, presage.Vehicle{
			VIN: c.vin, Make: "Presage", Model: "Chaos", ModelYear: 2024, Powertrain: presage.BatteryElectric,
			InService: now.AddDate(-2, 0, 0), CustomerID: c.customer, WorkshopID: workshop,
		})
	}
	if err := r.store.PutFleet(ctx, fleet); err != nil {
		return nil, err
	}
	return list, r.store.PutDevices(ctx, devices)
}

func (r *rig) offer(ctx context.Context, c car, now, due time.Time) error {
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
		ID: c.offer, CaseID: c.caseID, VIN: c.vin, CreatedAt: now, ExpiresAt: now.AddDate(0, 0, 30),
	}, nil, due, presage.CaseEvent{At: now, Who: "chaos"})
}

// slot is the n-th hour of visits, ten of them a day from eight o'clock.
func slot(n int) time.Time {
	day := time.Now().UTC().Add(firstVisit).Truncate(24 * time.Hour)
	return day.AddDate(0, 0, n/raceSlots).Add(time.Duration(8+n%raceSlots) * visitTime)
}
