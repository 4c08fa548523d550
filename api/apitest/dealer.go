package apitest

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"presage"
)

// Import implements rest.Dealer: of JSON it knows no more than whether it is an object.
func (w *World) Import(
	_ context.Context, source, list string, data []byte, dryRun bool,
) (presage.ImportReport, error) {
	var doc map[string]any
	if list == "" && json.Unmarshal(data, &doc) != nil {
		return presage.ImportReport{}, fmt.Errorf("/: %w: not a JSON object", presage.ErrInvalid)
	}
	if list != "" && !strings.HasPrefix(string(data), "id,") {
		return presage.ImportReport{}, fmt.Errorf("%s line 1, column 1: %w: want id", list, presage.ErrInvalid)
	}
	return presage.ImportReport{Source: source, DryRun: dryRun, Created: len(doc)}, w.Err
}

// ExportBookings implements rest.Dealer.
func (w *World) ExportBookings(ctx context.Context, f presage.ExportFilter) ([]presage.ExportedBooking, error) {
	bs, err := w.Bookings(ctx, presage.BookingFilter{WorkshopID: f.WorkshopID, AfterID: f.AfterID, Limit: f.Limit})
	var out []presage.ExportedBooking
	for _, b := range bs {
		b.Jobs, b.Parts = append([]string{}, b.Jobs...), append([]presage.PartQuantity{}, b.Parts...)
		x := presage.ExportedBooking{Booking: b}
		if f.Source != "" {
			x.External = map[string]string{presage.KindBooking: "=1+1"}
		}
		out = append(out, x)
	}
	return out, err
}

// ExportWorkOrders implements rest.Dealer.
func (w *World) ExportWorkOrders(context.Context, presage.ExportFilter) ([]presage.ExportedWorkOrder, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	out := []presage.ExportedWorkOrder{}
	for _, r := range w.Results {
		out = append(out, presage.ExportedWorkOrder{WorkshopResult: r})
	}
	return out, w.Err
}
