package rest

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"presage"
)

func (h *handlers) labelRoutes(a huma.API) {
	route(a, h.Logger, get("list-labels", "/v1/vehicles/{vin}/labels", "Vehicles",
		"What workshops found at the vehicle's components, the oldest first"), h.labels)
}

type labelsInput struct {
	Window
	VIN string `path:"vin" doc:"Vehicle identification number (ISO 3779)" example:"LPSVSEDE4R0000042"`
}

func (h *handlers) labels(ctx context.Context, in *labelsInput) (*body[page[presage.Label]], error) {
	vin, err := presage.ParseVIN(in.VIN)
	if err != nil {
		return nil, err
	}
	if _, err := h.Vehicles.Vehicle(ctx, vin); err != nil {
		return nil, err
	}
	labels, err := h.Health.Labels(ctx, vin)
	if err != nil {
		return nil, err
	}
	cursor := func(l presage.Label) string { return cursorOf(number(l.At.UnixMicro()), string(l.Component)) }
	if labels, err = behind(labels, in.After, cursor); err != nil {
		return nil, err
	}
	return paged(labels, in.Limit, cursor), nil
}
