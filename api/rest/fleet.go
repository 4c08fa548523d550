package rest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"presage"
)

// fleet is everything an operator registers. Lists that are left out stay as they are.
type fleet struct {
	Depots    []presage.Depot    `json:"depots,omitempty" maxItems:"10000"`
	Workshops []presage.Workshop `json:"workshops,omitempty" maxItems:"10000"`
	Customers []customerRow      `json:"customers,omitempty" maxItems:"10000"`
	Vehicles  []vehicleRow       `json:"vehicles,omitempty" maxItems:"10000"`
	Stock     []presage.Stock    `json:"stock,omitempty" maxItems:"10000"`
}

// vehicleRow is presage.Vehicle as an operator writes it.
type vehicleRow struct {
	VIN            string             `json:"vin" doc:"ISO 3779, 17 characters"`
	Make           string             `json:"make,omitempty" maxLength:"100"`
	Model          string             `json:"model,omitempty" maxLength:"100"`
	ModelYear      int                `json:"model_year,omitempty" minimum:"1900" maximum:"2100"`
	Powertrain     presage.Powertrain `json:"powertrain" enum:"bev,phev,ice"`
	InService      time.Time          `json:"in_service,omitzero" doc:"Day of first registration"`
	PackCapacityAh float64            `json:"pack_capacity_ah,omitempty" minimum:"0" maximum:"2000"`
	CustomerID     string             `json:"customer_id,omitempty" maxLength:"64"`
	WorkshopID     string             `json:"workshop_id,omitempty" maxLength:"64"`
	Expected       string             `json:"expected_interval,omitempty" maxLength:"32" doc:"Within what time it should be heard from again, e.g. 72h; absent for ingest.silent_after"` //nolint:lll // a tag cannot be broken
}

// customerRow is presage.Customer as an operator writes it.
type customerRow struct {
	ID        string          `json:"id" minLength:"1" maxLength:"64"`
	Name      string          `json:"name" maxLength:"200"`
	Lang      presage.Lang    `json:"lang" enum:"zh,en"`
	Phone     string          `json:"phone,omitempty" pattern:"^\\+[1-9][0-9]{6,14}$" doc:"E.164"`
	PushToken string          `json:"push_token,omitempty" maxLength:"4096"`
	Zone      string          `json:"zone" doc:"IANA time zone"`
	Tier      string          `json:"tier,omitempty" maxLength:"32"`
	Consent   presage.Consent `json:"consent"`
}

type registered struct {
	Depots    int `json:"depots"`
	Workshops int `json:"workshops"`
	Customers int `json:"customers"`
	Vehicles  int `json:"vehicles"`
	Stock     int `json:"stock"`
}

func (h *handlers) fleetRoutes(a huma.API) {
	route(a, h.Logger, huma.Operation{
		OperationID: "put-fleet", Method: http.MethodPut, Path: "/v1/fleet", Tags: []string{"Vehicles"},
		Summary: "Register vehicles, customers, workshops, depots and stock; known rows are replaced",
		Description: "Nothing is stored unless every row is right. A workshop's hours are local; `closed_on` counts from " +
			"0, Sunday; `skills` are those that jobs of the catalogue ask for (`hv`: high voltage); `part` is a number of " +
			"the catalogue; `consent.source` says where the consent comes from (`contract`, `app`). " +
			"docs/fleet.json is an example.",
		Errors: []int{http.StatusUnprocessableEntity}, MaxBodyBytes: 32 << 20,
	}, h.putFleet)
}

// putFleet checks every row before the first is stored, and names all faults.
func (h *handlers) putFleet(ctx context.Context, in *struct{ Body fleet }) (*body[registered], error) {
	f := in.Body
	vehicles, errVehicles := f.vehicles()
	customers, errCustomers := f.customers()
	if err := errors.Join(
		errVehicles, errCustomers, f.checkWorkshops(h.Catalogue), f.checkStock(h.Catalogue),
	); err != nil {
		return nil, err
	}
	for _, put := range []func() error{
		func() error { return h.Registry.PutDepots(ctx, f.Depots) },
		func() error { return h.Registry.PutWorkshops(ctx, f.Workshops) },
		func() error { return h.Registry.PutCustomers(ctx, customers) },
		func() error { return h.Registry.PutVehicles(ctx, vehicles) },
		func() error { return h.Registry.PutStock(ctx, f.Stock) },
	} {
		if err := put(); err != nil {
			return nil, err
		}
	}
	return &body[registered]{Body: registered{
		len(f.Depots), len(f.Workshops), len(f.Customers), len(f.Vehicles), len(f.Stock),
	}}, nil
}

func (f fleet) vehicles() ([]presage.Vehicle, error) {
	out, errs := make([]presage.Vehicle, len(f.Vehicles)), []error(nil)
	for i, v := range f.Vehicles {
		vin, err := presage.ParseVIN(v.VIN)
		if err != nil {
			errs = append(errs, fmt.Errorf("vehicles[%d]: %w", i, err))
		}
		expected, err := presage.ParseInterval(v.Expected)
		if err != nil {
			errs = append(errs, fmt.Errorf("vehicles[%d].expected_interval: %w", i, err))
		}
		out[i] = presage.Vehicle{
			VIN: vin, Make: v.Make, Model: v.Model, ModelYear: v.ModelYear, Powertrain: v.Powertrain,
			InService: v.InService, PackCapacityAh: v.PackCapacityAh, CustomerID: v.CustomerID, WorkshopID: v.WorkshopID,
			ExpectedInterval: expected,
		}
	}
	return out, errors.Join(errs...)
}

func (f fleet) customers() ([]presage.Customer, error) {
	out, errs := make([]presage.Customer, len(f.Customers)), []error(nil)
	for i, c := range f.Customers {
		errs = append(errs, zoneFault(fmt.Sprintf("customers[%d].zone", i), c.Zone))
		out[i] = presage.Customer{
			ID: c.ID, Name: c.Name, Lang: c.Lang, Phone: presage.Phone(c.Phone), PushToken: presage.Secret(c.PushToken),
			Zone: c.Zone, Tier: c.Tier, Consent: c.Consent,
		}
	}
	return out, errors.Join(errs...)
}

func (f fleet) checkWorkshops(c *presage.Catalogue) error {
	var errs []error
	skills := map[string]bool{}
	for _, j := range c.Jobs {
		skills[j.Skill] = true
	}
	for i, w := range f.Workshops {
		errs = append(errs, peopleFaults(i, w, skills)...)
		errs = append(errs, zoneFault(fmt.Sprintf("workshops[%d].zone", i), w.Zone))
		if w.OpenHour < 0 || w.CloseHour > 24 || w.OpenHour >= w.CloseHour {
			errs = append(errs, fmt.Errorf("workshops[%d]: %w hours: open_hour %d, close_hour %d, want 0 <= open < close <= 24",
				i, presage.ErrInvalid, w.OpenHour, w.CloseHour))
		}
		if len(w.Bays) == 0 || len(w.Technicians) == 0 {
			errs = append(errs, fmt.Errorf("workshops[%d]: %w: no bays or no technicians: nothing can be booked",
				i, presage.ErrInvalid))
		}
	}
	return errors.Join(errs...)
}

// peopleFaults are what is wrong with a workshop's technicians and closing days.
func peopleFaults(i int, w presage.Workshop, skills map[string]bool) (errs []error) {
	for _, t := range w.Technicians {
		for _, skill := range t.Skills {
			if !skills[skill] {
				errs = append(errs, fmt.Errorf("workshops[%d].technicians: %w skill %q: no job of the catalogue asks for it",
					i, presage.ErrInvalid, skill))
			}
		}
	}
	for _, day := range w.ClosedOn {
		if day < time.Sunday || day > time.Saturday {
			errs = append(errs, fmt.Errorf("workshops[%d].closed_on: %w day %d: want 0 (Sunday) to 6 (Saturday)",
				i, presage.ErrInvalid, day))
		}
	}
	return errs
}

func (f fleet) checkStock(c *presage.Catalogue) error {
	var errs []error
	for i, s := range f.Stock {
		if _, err := c.Part(s.Part); err != nil {
			errs = append(errs, fmt.Errorf("stock[%d].part: %w: %w; GET /v1/parts/forecast lists the parts",
				i, presage.ErrInvalid, err))
		}
		if s.OnHand < 0 || s.OnOrder < 0 {
			errs = append(errs, fmt.Errorf("stock[%d]: %w: on_hand %d, on_order %d, want 0 or more",
				i, presage.ErrInvalid, s.OnHand, s.OnOrder))
		}
	}
	return errors.Join(errs...)
}

func zoneFault(where, zone string) error {
	if _, err := time.LoadLocation(zone); err != nil || zone == "" {
		return fmt.Errorf("%s: %w IANA time zone %q, want one like Asia/Shanghai", where, presage.ErrInvalid, zone)
	}
	return nil
}
