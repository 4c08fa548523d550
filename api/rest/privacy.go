package rest

import (
	"cmp"
	"context"
	"io"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"presage"
	"presage/api/access"
	"presage/internal/dossier"
)

// Privacy gives customers their data and forgets them.
type Privacy interface {
	PersonalData(ctx context.Context, customerID string) (presage.PersonalData, error)
	EraseCustomer(ctx context.Context, customerID, who string) (presage.Erasure, error)
}

// Consents reads and keeps what customers agreed to.
type Consents interface {
	Customer(ctx context.Context, id string) (presage.Customer, error)
	// ConsentHistory is the newest first.
	ConsentHistory(ctx context.Context, customerID string) ([]presage.ConsentRecord, error)
	SetConsent(ctx context.Context, customerID string, c presage.Consent) error
}

// Reported writes what vehicles reported, as line protocol.
type Reported func(ctx context.Context, w io.Writer, vins []presage.VIN) error

const typeZIP = "application/zip"

func (h *handlers) privacyRoutes(a huma.API) {
	const tag, path = "Privacy", "/v1/customers/{id}"
	route(a, h.Logger, get("get-personal-data", path+"/personal-data", tag,
		"Everything that is kept about a customer"), h.personalData)
	zipped := get("get-personal-data-zip", path+"/personal-data.zip", tag,
		"Everything that is kept about a customer, as files: JSON, a CSV a table, telemetry")
	zipped.Responses = map[string]*huma.Response{"200": {
		Description: http.StatusText(http.StatusOK),
		Content: map[string]*huma.MediaType{
			typeZIP: {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}},
		},
	}}
	route(a, h.Logger, zipped, h.personalFiles)
	route(a, h.Logger, get("get-consent", path+"/consent", tag,
		"What a customer agreed to, by channel and purpose, with its history as proof"), h.consent)
	change := huma.Operation{
		OperationID: "put-consent", Method: http.MethodPut, Path: path + "/consent", Tags: []string{tag},
		Summary: "Record what a customer said: it counts from the next message, and lifts a STOP where it allows a channel",
	}
	route(a, h.Logger, change, h.putConsent)
	erase := huma.Operation{
		OperationID: "erase-customer", Method: http.MethodDelete, Path: path, Tags: []string{tag},
		Summary: "Erase a customer for good: open cases end, what has to stay loses name, number and words",
		Errors:  []int{http.StatusConflict},
	}
	route(a, h.Logger, erase, h.eraseCustomer)
}

type customerPath struct {
	ID string `path:"id" maxLength:"64"`
}

func (h *handlers) personalData(ctx context.Context, in *customerPath) (*body[presage.PersonalData], error) {
	data, err := h.Privacy.PersonalData(ctx, in.ID)
	return &body[presage.PersonalData]{Body: data}, err
}

type personalFilesInput struct {
	ID        string `path:"id" maxLength:"64"`
	Telemetry bool   `query:"telemetry" doc:"With all that the customer's vehicles reported; may be long"`
}

func (h *handlers) personalFiles(ctx context.Context, in *personalFilesInput) (*written, error) {
	data, err := h.Privacy.PersonalData(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	var telemetry func(io.Writer) error
	if in.Telemetry {
		vehicles, err := h.Vehicles.Vehicles(ctx, presage.VehicleFilter{CustomerID: in.ID})
		if err != nil {
			return nil, err
		}
		vins := make([]presage.VIN, len(vehicles))
		for i, v := range vehicles {
			vins[i] = v.VIN
		}
		if len(vins) > 0 && h.Reported != nil {
			telemetry = func(w io.Writer) error { return h.Reported(ctx, w, vins) }
		}
	}
	return &written{Type: typeZIP, Body: func(c huma.Context) {
		c.SetHeader("Content-Type", typeZIP)
		c.SetHeader("Content-Disposition", `attachment; filename="personal-data.zip"`)
		c.SetHeader("Cache-Control", "no-store")
		if err := dossier.Write(c.BodyWriter(), data, telemetry); err != nil {
			h.Logger.ErrorContext(ctx, "personal data broke off", "error", err)
		}
	}}, nil
}

type eraseInput struct {
	ID  string `path:"id" maxLength:"64"`
	Who string `query:"who" maxLength:"64" doc:"Who asked for it, such as \"the customer, by letter\"; API when absent"`
}

func (h *handlers) eraseCustomer(ctx context.Context, in *eraseInput) (*body[presage.Erasure], error) {
	who := cmp.Or(in.Who, "API")
	if a, ok := access.Person(ctx); ok {
		if who = a.Name; in.Who != "" {
			who += ", " + in.Who
		}
	}
	done, err := h.Privacy.EraseCustomer(ctx, in.ID, who)
	if err != nil {
		return nil, err
	}
	done.Tables = nonNil(done.Tables)
	return &body[presage.Erasure]{Body: done}, nil
}
