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

func (h *handlers) labels(ctx context.Context, in *vinPath) (*body[page[presage.Label]], error) {
	vin, err := in.parse()
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
	return &body[page[presage.Label]]{Body: page[presage.Label]{Items: nonNil(labels)}}, nil
}
