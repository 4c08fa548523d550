package rest

import (
	"context"
	"log/slog"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"presage"
	"presage/api/port"
	"presage/api/problem"
)

// Register adds every operation to a. The caller guards the paths.
func Register(a huma.API, d port.Deps) {
	h := &handlers{Deps: d}
	h.vehicleRoutes(a)
	h.alertRoutes(a)
	h.fleetRoutes(a)
	h.credentialRoutes(a)
	h.labelRoutes(a)
	h.caseRoutes(a)
	h.bookingRoutes(a)
	h.resultRoutes(a)
	h.partRoutes(a)
	h.deadLetterRoutes(a)
	h.messageRoutes(a)
	h.backupRoutes(a)
}

type handlers struct{ port.Deps }

// page is a list with the cursor of the next one, "" at the end.
type page[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next,omitempty" doc:"Cursor of the next page; absent at the end"`
}

// body wraps a response for huma.
type body[T any] struct{ Body T }

// paged makes a page of rows; a full one names its last row as the cursor.
func paged[T any](rows []T, limit int, key func(T) string) *body[page[T]] {
	p := page[T]{Items: rows}
	if rows == nil {
		p.Items = []T{}
	}
	if len(rows) == limit && limit > 0 {
		p.Next = key(rows[len(rows)-1])
	}
	return &body[page[T]]{Body: p}
}

// nonNil keeps an empty list from being written as null.
func nonNil[T any](rows []T) []T {
	if rows == nil {
		return []T{}
	}
	return rows
}

// route registers one operation and maps its errors by the one table.
func route[I, O any](a huma.API, log *slog.Logger, op huma.Operation, h func(context.Context, *I) (*O, error)) {
	op.Security = []map[string][]string{{"bearer": {}}}
	op.Errors = append(op.Errors, http.StatusForbidden)
	huma.Register(a, op, func(ctx context.Context, in *I) (*O, error) {
		out, err := h(ctx, in)
		if err == nil {
			return out, nil
		}
		status, detail := problem.Of(err)
		if status >= http.StatusInternalServerError {
			log.ErrorContext(ctx, "api operation failed", "operation", op.OperationID, "error", err)
		}
		return nil, huma.NewError(status, detail)
	})
}

// get and post keep the tables of routes short.
func get(id, path, tag, summary string) huma.Operation {
	return huma.Operation{
		OperationID: id, Method: http.MethodGet, Path: path, Tags: []string{tag}, Summary: summary,
	}
}

func post(id, path, tag, summary string) huma.Operation {
	return huma.Operation{
		OperationID: id, Method: http.MethodPost, Path: path, Tags: []string{tag}, Summary: summary,
		Errors: []int{http.StatusConflict, http.StatusNotFound},
	}
}

// vinPath is the VIN of a path.
type vinPath struct {
	VIN string `path:"vin" doc:"Vehicle identification number (ISO 3779)" example:"LPSVSEDE4R0000042"`
}

func (p vinPath) parse() (presage.VIN, error) { return presage.ParseVIN(p.VIN) }

// idPath is the ID of a path.
type idPath struct {
	ID string `path:"id" maxLength:"64"`
}
