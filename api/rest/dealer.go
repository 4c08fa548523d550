package rest

import (
	"cmp"
	"context"
	"encoding/csv"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"presage"
	"presage/internal/cell"
)

// Dealer takes in what the systems of dealers say, and gives out what they ask for.
type Dealer interface {
	// Import takes in JSON or, where list names what it holds, CSV: all or nothing.
	Import(ctx context.Context, source, list string, data []byte, dryRun bool) (presage.ImportReport, error)
	// ExportBookings lists bookings in the order of their changes.
	ExportBookings(ctx context.Context, f presage.ExportFilter) ([]presage.ExportedBooking, error)
	// ExportWorkOrders lists what workshops found, by time.
	ExportWorkOrders(ctx context.Context, f presage.ExportFilter) ([]presage.ExportedWorkOrder, error)
}

const importBytes = 32 << 20

func (h *handlers) dealerRoutes(a huma.API) {
	const tag = "Dealer's systems"
	op := post("import-records", "/v1/imports", tag, "Take in what a dealer's system says: all of it or nothing")
	op.Description = "Lists of `workshops`, `customers`, `vehicles`, `closures`, `bookings`, `work_orders` and " +
		"`part_use`, or `files` (`[{\"name\": \"customers.csv\", \"text\": \"...\"}]`); docs/dealer.md names the fields. " +
		"Each record has the dealer's own `id`, and a `revision` or `updated_at`: an older one never overwrites " +
		"a newer one, and the same once more changes nothing. A booking blocks its bay and technician; " +
		"where a visit that was sold here has them, it is listed under `conflicts` and planned anew, " +
		"or cancelled and told. Every fault is named by its pointer (422)."
	op.MaxBodyBytes, op.SkipValidateBody = importBytes, true
	request := &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{}}
	op.RequestBody = request
	op.Responses = example[presage.ImportReport](a, exampleImport())
	route(a, h.Logger, op, h.importRecords)
	request.Content[typeJSON].Schema = &huma.Schema{Type: huma.TypeObject, AdditionalProperties: true}

	op = post("import-table", "/v1/imports/{list}", tag, "Take in a table of a dealer's system as CSV")
	op.Description = "The first line names the fields; faults are named by line and column. Else as POST /v1/imports."
	op.MaxBodyBytes = importBytes
	op.Responses = example[presage.ImportReport](a, exampleImport())
	route(a, h.Logger, op, h.importTable)

	route(a, h.Logger, tabular(a, huma.Operation{
		OperationID: "export-bookings", Method: http.MethodGet, Path: "/v1/exports/bookings", Tags: []string{tag},
		Summary:     "Bookings in the order of their changes",
		Description: "`next` goes on from there at any later time: what changed since follows. With a source its own IDs stand beside ours.", //nolint:lll // a sentence
	}, page[presage.ExportedBooking]{Items: []presage.ExportedBooking{exampleExported()}},
		"id,case_id,vin,...\n"), h.exportBookings)
	route(a, h.Logger, tabular(a, huma.Operation{
		OperationID: "export-work-orders", Method: http.MethodGet, Path: "/v1/exports/work-orders", Tags: []string{tag},
		Summary: "What workshops found, by time", Description: "With a source its own IDs stand beside ours.",
	}, page[presage.ExportedWorkOrder]{Items: []presage.ExportedWorkOrder{{WorkshopID: "w-pudong"}}},
		"vin,at,booking_id,...\n"), h.exportWorkOrders)
}

// ImportQuery is who says it, and whether it is tried alone.
type ImportQuery struct {
	Source string `query:"source" required:"true" minLength:"1" maxLength:"40" doc:"The name of the dealer's system" example:"dms-1"` //nolint:lll // a tag cannot be broken
	DryRun bool   `query:"dry_run" doc:"Tell what would change, and change nothing"`
}

type importInput struct {
	ImportQuery

	RawBody []byte `contentType:"application/json"`
}

func (h *handlers) importRecords(ctx context.Context, in *importInput) (*body[presage.ImportReport], error) {
	return h.imported(h.Dealer.Import(ctx, in.Source, "", in.RawBody, in.DryRun))
}

type importTableInput struct {
	ImportQuery

	List    string `path:"list" enum:"workshops,customers,vehicles,closures,bookings,work_orders,part_use"`
	RawBody []byte `contentType:"text/csv"`
}

func (h *handlers) importTable(ctx context.Context, in *importTableInput) (*body[presage.ImportReport], error) {
	return h.imported(h.Dealer.Import(ctx, in.Source, in.List, in.RawBody, in.DryRun))
}

func (h *handlers) imported(r presage.ImportReport, err error) (*body[presage.ImportReport], error) {
	if err != nil {
		return nil, err
	}
	r.Changes, r.Conflicts = nonNil(r.Changes), nonNil(r.Conflicts)
	return &body[presage.ImportReport]{Body: r}, nil
}

type exportInput struct {
	TableWindow

	Source   string    `query:"source" maxLength:"40"`
	Since    time.Time `query:"since" doc:"Changed from this moment on"`
	Workshop string    `query:"workshop" maxLength:"64"`
}

// filter is the export that is asked for, and how many rows it has at the most; 0 for all.
func (in *exportInput) filter() (presage.ExportFilter, int, error) {
	f := presage.ExportFilter{Source: in.Source, Since: in.Since, WorkshopID: in.Workshop}
	limit := in.rows()
	if limit > 0 {
		f.Limit = more(limit)
	}
	if in.After == "" {
		return f, limit, nil
	}
	parts, err := readCursor(in.After, 2)
	if err != nil {
		return f, limit, err
	}
	us, err := strconv.ParseInt(parts[0], 10, 64)
	if err != nil || parts[1] == "" {
		return f, limit, gone("after", presage.ErrNotFound)
	}
	f.AfterAt, f.AfterID = time.UnixMicro(us).UTC(), parts[1]
	return f, limit, nil
}

// exported answers a page of an export.
func exported[T any](
	ctx context.Context, h *handlers, in *exportInput, read func(context.Context, presage.ExportFilter) ([]T, error),
	row exportRow[T],
) (*written, error) {
	f, limit, err := in.filter()
	if err != nil {
		return nil, err
	}
	rows, err := read(ctx, f)
	if err != nil {
		return nil, err
	}
	p := pageOf(rows, cmp.Or(limit, len(rows)), row.cursor)
	return h.table(ctx, answered{in.Accept, p, in.link(p.Next)}, func(w io.Writer) error {
		c := csv.NewWriter(w)
		if err := c.Write(row.names); err != nil {
			return err
		}
		for _, x := range p.Items {
			cells := row.cells(x)
			for i := range cells {
				cells[i] = cell.Text(cells[i])
			}
			if err := c.Write(cells); err != nil {
				return err
			}
		}
		c.Flush()
		return c.Error()
	}), nil
}

// exportRow is how a row is written.
type exportRow[T any] struct {
	names  []string
	cells  func(T) []string
	cursor func(T) string
}

func (h *handlers) exportBookings(ctx context.Context, in *exportInput) (*written, error) {
	return exported(ctx, h, in, h.Dealer.ExportBookings, exportRow[presage.ExportedBooking]{
		names: []string{
			"id", "case_id", "vin", "customer_id", "workshop_id", "bay_id", "technician_id", "start", "end", "jobs", "parts",
			"state", "stay", "via", "sequence", "updated_at", "external_id", "external_customer", "external_vehicle",
			"external_workshop",
		},
		cells: func(b presage.ExportedBooking) []string {
			return []string{
				b.ID, b.CaseID, string(b.VIN), b.CustomerID, b.WorkshopID, b.BayID, b.TechnicianID,
				stamped(b.Start), stamped(b.End), strings.Join(b.Jobs, ";"), pieces(b.Parts),
				string(b.State), string(b.Stay), b.Via, strconv.Itoa(b.Sequence),
				stamped(b.UpdatedAt), b.External[presage.KindBooking], b.External[presage.KindCustomer],
				b.External[presage.KindVehicle], b.External[presage.KindWorkshop],
			}
		},
		cursor: func(b presage.ExportedBooking) string { return cursorOf(number(b.UpdatedAt.UnixMicro()), b.ID) },
	})
}

func (h *handlers) exportWorkOrders(ctx context.Context, in *exportInput) (*written, error) {
	return exported(ctx, h, in, h.Dealer.ExportWorkOrders, exportRow[presage.ExportedWorkOrder]{
		names: []string{
			"vin", "at", "booking_id", "workshop_id", "odometer_km", "findings", "parts_used", "note", "external_booking",
			"external_vehicle",
		},
		cells: func(r presage.ExportedWorkOrder) []string {
			var found []string
			for _, x := range r.Findings {
				text := string(x.Component) + ":" + string(x.Outcome) + ":" + strconv.FormatBool(x.Replaced)
				if x.Measured != nil {
					text += ":" + strconv.FormatFloat(*x.Measured, 'g', -1, 64)
				}
				found = append(found, text)
			}
			return []string{
				string(r.VIN), stamped(r.At), r.BookingID, r.WorkshopID, strconv.FormatFloat(float64(r.OdometerKm), 'f', -1, 64),
				strings.Join(found, ";"), pieces(r.PartsUsed), r.Note, r.External[presage.KindBooking],
				r.External[presage.KindVehicle],
			}
		},
		cursor: func(r presage.ExportedWorkOrder) string { return cursorOf(number(r.At.UnixMicro()), string(r.VIN)) },
	})
}

func stamped(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// pieces are "part:quantity", as an import reads them.
func pieces(parts []presage.PartQuantity) string {
	var texts []string
	for _, p := range parts {
		texts = append(texts, p.Part+":"+strconv.Itoa(p.Quantity))
	}
	return strings.Join(texts, ";")
}

func exampleImport() presage.ImportReport {
	return presage.ImportReport{
		Source: "dms-1", Created: 1, Unchanged: 41, Changes: []presage.ImportChange{{
			Kind: presage.KindBooking, ExternalID: "A-1007", ID: "dealer-dms-1/A-1007", Done: "created",
		}},
		Conflicts: []presage.ImportConflict{{
			ExternalID: "A-1007", BookingID: "b4n3k2jq7lmno5pq", Resource: "w-pudong-b2",
			Start: time.Date(2026, 12, 7, 1, 0, 0, 0, time.UTC),
		}},
	}
}

func exampleExported() presage.ExportedBooking {
	start := time.Date(2026, 12, 7, 1, 0, 0, 0, time.UTC)
	return presage.ExportedBooking{Booking: presage.Booking{
		ID: "b4n3k2jq7lmno5pq", CaseID: "cfh3k2jq7lmno5pq", VIN: "LPSVSEDE4R0000042", CustomerID: "c-10042",
		WorkshopID: "w-pudong", BayID: "w-pudong-b2", TechnicianID: "w-pudong-t1", Start: start, End: start.Add(time.Hour),
		State: presage.BookingConfirmed, Via: "link", CreatedAt: start.AddDate(0, 0, -9), UpdatedAt: start.AddDate(0, 0, -9),
		Jobs: []string{}, Parts: []presage.PartQuantity{},
	}, External: map[string]string{presage.KindBooking: "A-1007"}}
}
