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

// Devices keeps where a customer's push messages go.
type Devices interface {
	// RegisterDevice keeps a device, or what is new about it; a token that another
	// device had leaves that one. ErrNotFound if there is no such customer.
	RegisterDevice(ctx context.Context, d presage.Device) (presage.Device, error)
	Devices(ctx context.Context, customerID string) ([]presage.Device, error)
	RemoveDevice(ctx context.Context, customerID, id string) error
}

func (h *handlers) deviceRoutes(a huma.API) {
	const tag, path = "Messages", "/v1/customers/{id}/devices"
	route(a, h.Logger, huma.Operation{
		OperationID: "register-device", Method: http.MethodPut, Path: path, Tags: []string{tag},
		Summary: "Register a device with the maker's app, or its new token",
		Description: "The maker's backend sends this at every login of its app and whenever the push provider gives a new " +
			"token. A token belongs to one customer at a time: where another one had it, it leaves. A customer has 20 " +
			"devices at the most: one more ends the one that was seen longest ago.",
	}, h.registerDevice)
	route(a, h.Logger, get("list-devices", path, tag, "A customer's devices, without their tokens"), h.devices)
	route(a, h.Logger, huma.Operation{
		OperationID: "remove-device", Method: http.MethodDelete, Path: path + "/{device}", Tags: []string{tag},
		Summary:       "Remove a device: its user logged out or took the app off",
		DefaultStatus: http.StatusNoContent,
	}, h.removeDevice)
}

type deviceInput struct {
	ID   string `path:"id" maxLength:"64"`
	Body struct {
		ID       string           `json:"id" minLength:"1" maxLength:"64" doc:"The app's own name of the installation"`
		Platform presage.Platform `json:"platform" enum:"android,ios,web,other"`
		Token    string           `json:"token" minLength:"1" maxLength:"4096" doc:"Of the push provider; never shown"`
	}
}

// deviceRow is a device as it is shown.
type deviceRow struct {
	ID           string           `json:"id"`
	Platform     presage.Platform `json:"platform"`
	RegisteredAt time.Time        `json:"registered_at"`
	SeenAt       time.Time        `json:"seen_at" doc:"When it was last registered"`
}

func shownDevice(d presage.Device) deviceRow {
	return deviceRow{ID: d.ID, Platform: d.Platform, RegisteredAt: d.RegisteredAt, SeenAt: d.SeenAt}
}

func (h *handlers) registerDevice(ctx context.Context, in *deviceInput) (*body[deviceRow], error) {
	var faults []error
	for _, x := range []struct {
		field string
		err   error
	}{{"id", presage.CheckID(in.Body.ID)}, {"token", presage.CheckPlain(in.Body.Token, tokenChars)}} {
		if x.err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", x.field, x.err))
		}
	}
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	now := h.Now().UTC()
	d, err := h.Devices.RegisterDevice(ctx, presage.Device{
		ID: in.Body.ID, CustomerID: in.ID, Platform: in.Body.Platform, Token: presage.Secret(in.Body.Token),
		RegisteredAt: now, SeenAt: now,
	})
	if err != nil {
		return nil, err
	}
	return &body[deviceRow]{Body: shownDevice(d)}, nil
}

func (h *handlers) devices(ctx context.Context, in *customerPath) (*body[page[deviceRow]], error) {
	known, err := h.Registry.CustomersKnown(ctx, []string{in.ID})
	if err == nil && !known[in.ID] {
		err = fmt.Errorf("customer: %w", presage.ErrNotFound)
	}
	if err != nil {
		return nil, err
	}
	found, err := h.Devices.Devices(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	rows := make([]deviceRow, len(found))
	for i, d := range found {
		rows[i] = shownDevice(d)
	}
	return &body[page[deviceRow]]{Body: page[deviceRow]{Items: rows}}, nil
}

type devicePath struct {
	ID     string `path:"id" maxLength:"64"`
	Device string `path:"device" maxLength:"64"`
}

func (h *handlers) removeDevice(ctx context.Context, in *devicePath) (*struct{}, error) {
	return &struct{}{}, h.Devices.RemoveDevice(ctx, in.ID, in.Device)
}
