package rest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
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
	Plate          presage.Plate      `json:"plate,omitempty" maxLength:"20" doc:"Licence plate; left out it stays as it is unless the car is another customer's by now"` //nolint:lll // a tag cannot be broken
	Make           string             `json:"make,omitempty"`
	Model          string             `json:"model,omitempty"`
	ModelYear      int                `json:"model_year,omitempty" minimum:"1900" maximum:"2100"`
	Powertrain     presage.Powertrain `json:"powertrain" enum:"bev,phev,ice"`
	InService      time.Time          `json:"in_service,omitzero" doc:"Day of first registration"`
	PackCapacityAh float64            `json:"pack_capacity_ah,omitempty" minimum:"0" maximum:"2000"`
	CustomerID     string             `json:"customer_id,omitempty"`
	WorkshopID     string             `json:"workshop_id,omitempty"`
	Expected       string             `json:"expected_interval,omitempty" maxLength:"32" doc:"Within what time it should be heard from again, e.g. 72h; absent for ingest.silent_after"` //nolint:lll // a tag cannot be broken
}

// customerRow is presage.Customer as an operator writes it.
type customerRow struct {
	ID        string          `json:"id"`
	Name      string          `json:"name"`
	Lang      presage.Lang    `json:"lang" enum:"zh,en"`
	Phone     string          `json:"phone,omitempty" pattern:"^\\+[1-9][0-9]{6,14}$" doc:"E.164"`
	Email     string          `json:"email,omitempty" maxLength:"254" doc:"E-mail address, without a name" example:"anna@example.com"`      //nolint:lll // a tag cannot be broken
	PushToken string          `json:"push_token,omitempty" doc:"Of one device; an app registers its own by PUT /v1/customers/{id}/devices"` //nolint:lll // a tag cannot be broken
	Zone      string          `json:"zone" doc:"IANA time zone; empty: unknown, then the number tells the country"`
	Tier      string          `json:"tier,omitempty"`
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
	schema := a.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[fleet](), true, "")
	check := func(v any) (faults []error) {
		var found huma.ValidateResult
		huma.Validate(a.OpenAPI().Components.Schemas, schema, huma.NewPathBuffer(make([]byte, 0, 128), 0),
			huma.ModeWriteToServer, v, &found)
		for _, err := range found.Errors {
			faults = append(faults, fieldFault(err))
		}
		return faults
	}
	request := &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{}}
	route(a, h.Logger, huma.Operation{
		OperationID: "put-fleet", Method: http.MethodPut, Path: "/v1/fleet", Tags: []string{"Vehicles"},
		Summary: "Register vehicles, customers, workshops, depots and stock; known rows are replaced",
		Description: "One transaction: nothing is stored unless every row is right, and every fault is named by its " +
			"place. What a row refers to (customer, workshop, depot) must be in the request or known. A workshop's hours " +
			"are local: from `open_hour` to `close_hour` but on `closed_on`, which counts from 0, Sunday; or by `week`, whose " +
			"stretches may leave breaks between them. `holidays` is a country (`CN`) on whose public holidays nobody works; " +
			"`closures` are other days without work and `absences` the times without one " +
			"bay or technician, in local days (`2026-12-24`, the last one included) or hours (`2026-12-24T13:00`); " +
			"`shifts` are when a technician works, without them whenever the workshop is open; " +
			"`skills` are those that jobs of the catalogue ask for (`hv`: high voltage), for good or until the day of their " +
			"`certificates`; `level` is how hard a job a technician may be given; `part` is a number of the catalogue. " +
			"A bay is its ID, or `{\"id\", \"kinds\"}`: a workshop that names kinds takes a job only where a bay has the kind " +
			"that the catalogue asks for; one of the kind `van` drives to cars within `radius_km`. `daily_visits` bounds how " +
			"many visits begin on one day. " +
			"`phone`, `place` (degrees, WGS 84), `stays` (`wait`, `drop_off`, `loaner`) and `prices` (by job code, in one " +
			"currency) are what customers are shown; without `place` no other centre is offered instead; `brands` are the " +
			"makes it repairs, none for all. " +
			"`consent.source` says where the consent comes from (`contract`, `app`), " +
			"`consent.changed_at` since when, not in the future; a channel that the customer stopped " +
			"stays closed whatever an import says. IDs have at most 64 characters, names 200, addresses 500, without " +
			"control characters. docs/fleet.json is an example.",
		RequestBody: request, SkipValidateBody: true, MaxBodyBytes: 32 << 20,
	}, func(ctx context.Context, in *fleetInput) (*body[registered], error) {
		return h.putFleet(ctx, in.RawBody, check)
	})
	request.Content[typeJSON].Schema = schema // of a raw body it would say "binary"
}

// fleetInput is read by hand: every fault is to be named at once, whichever
// check finds it.
type fleetInput struct {
	RawBody []byte `contentType:"application/json"`
}

// fieldFault is a fault of the schema in our words, at its field.
func fieldFault(err error) error {
	var d *huma.ErrorDetail
	if !errors.As(err, &d) {
		return fmt.Errorf("%w: %w", presage.ErrInvalid, err)
	}
	if d.Location == "" {
		return fmt.Errorf("%w: %s", presage.ErrInvalid, d.Message)
	}
	return fmt.Errorf("%s: %w: %s", d.Location, presage.ErrInvalid, d.Message)
}

// putFleet checks every row before the first is stored, and names all faults.
func (h *handlers) putFleet(ctx context.Context, raw []byte, check func(any) []error) (*body[registered], error) {
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		return nil, huma.Error400BadRequest("the body is not JSON: " + err.Error())
	}
	faults := check(v)
	f, unread := readFleet(raw)
	for _, u := range unread {
		named := func(fault error) bool { return strings.HasPrefix(fault.Error(), u.row) }
		if !slices.ContainsFunc(faults, named) {
			faults = append(faults, fmt.Errorf("%s%s: %w: its value cannot be read", u.row, u.field, presage.ErrInvalid))
		}
	}
	known, err := h.known(ctx, f)
	if err != nil {
		return nil, err
	}
	stored, more := f.check(known)
	if err := few(append(faults, more...)); err != nil {
		return nil, err
	}
	if err := h.Registry.PutFleet(ctx, stored); err != nil {
		return nil, err
	}
	return &body[registered]{Body: registered{
		len(f.Depots), len(f.Workshops), len(f.Customers), len(f.Vehicles), len(f.Stock),
	}}, nil
}

// mostFaults keeps the answer to a large import that is all wrong readable.
const mostFaults = 200

// few joins the faults, and counts those beyond what anybody reads.
func few(faults []error) error {
	if n := len(faults) - mostFaults; n > 0 {
		faults = append(faults[:mostFaults], fmt.Errorf("%w: and %d faults more", presage.ErrInvalid, n))
	}
	return errors.Join(faults...)
}

// unread is a row that JSON could not be read into; field is empty or ".name".
type unread struct{ row, field string }

// readFleet reads row by row, so that one that cannot be read does not hide the
// others. Such rows are as far as they could be read.
func readFleet(raw []byte) (f fleet, wrong []unread) {
	var tables struct {
		Depots, Workshops, Customers, Vehicles, Stock []json.RawMessage
	}
	_ = json.Unmarshal(raw, &tables) // tables that are not lists are the schema's to name
	return f, slices.Concat(
		readRows("depots", tables.Depots, &f.Depots), readRows("workshops", tables.Workshops, &f.Workshops),
		readRows("customers", tables.Customers, &f.Customers), readRows("vehicles", tables.Vehicles, &f.Vehicles),
		readRows("stock", tables.Stock, &f.Stock))
}

func readRows[T any](table string, raw []json.RawMessage, rows *[]T) (wrong []unread) {
	*rows = make([]T, len(raw))
	for i, text := range raw {
		err := json.Unmarshal(text, &(*rows)[i])
		if err == nil {
			continue
		}
		u := unread{row: fmt.Sprintf("%s[%d]", table, i)}
		if at, ok := errors.AsType[*json.UnmarshalTypeError](err); ok && at.Field != "" {
			u.field = "." + at.Field
		}
		wrong = append(wrong, u)
	}
	return wrong
}

// known is what a fleet may refer to besides its own rows.
func (h *handlers) known(ctx context.Context, f fleet) (known, error) {
	k := known{catalogue: h.Catalogue, now: h.Now()}
	var err, errs error
	k.depots, err = h.Places.Depots(ctx)
	errs = errors.Join(errs, err)
	k.workshops, err = h.Places.Workshops(ctx)
	errs = errors.Join(errs, err)
	var ids []string
	for _, v := range f.Vehicles {
		if v.CustomerID != "" && !strings.ContainsRune(v.CustomerID, 0) {
			ids = append(ids, v.CustomerID)
		}
	}
	k.customers, err = h.Registry.CustomersKnown(ctx, ids)
	return k, errors.Join(errs, err)
}
