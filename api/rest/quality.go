package rest

import (
	"context"
	"fmt"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"presage"
)

// Quality judges the records of each source.
type Quality interface {
	Quality(ctx context.Context) ([]presage.QualityReport, error)
	QualityRecords(ctx context.Context, source string, check presage.QualityCheck) ([]presage.QualityRecord, error)
}

// Merges makes two records of one customer one, and takes that back.
type Merges interface {
	MergeCustomers(ctx context.Context, w presage.MergeWish) (presage.Merge, error)
	UndoMerge(ctx context.Context, id, who string, now time.Time) (presage.Merge, error)
	Merges(ctx context.Context, after string, limit int) ([]presage.Merge, error)
	Merge(ctx context.Context, id string) (presage.Merge, error)
}

func (h *handlers) qualityRoutes(a huma.API) {
	const tag = "Data quality"
	op := get("get-quality", "/v1/data-quality", tag, "How good the records of each source are")
	op.Description = "The score is the share of a source's customers and vehicles that no check finds a fault in; " +
		"hints do not count. Duplicates are sought over all sources. The source `\"\"` has what no dealer's system knows."
	op.Responses = example[page[presage.QualityReport]](a, page[presage.QualityReport]{
		Items: []presage.QualityReport{exampleQuality()},
	})
	route(a, h.Logger, op, h.quality)
	op = get("list-quality-records", "/v1/data-quality/records", tag, "The records behind a figure, masked")
	op.Responses = example[page[presage.QualityRecord]](a, page[presage.QualityRecord]{
		Items: []presage.QualityRecord{{
			Check: presage.PhoneTwice, Source: "dms-1", Kind: presage.KindCustomer, ID: "k4n3k2jq7lmno5pq", ExternalID: "C-88",
			Shown: "+86*********07", Group: "pk4n3k2jq7lmno5pq",
		}},
	})
	route(a, h.Logger, op, h.qualityRecords)

	op = get("list-merges", "/v1/merges", tag, "Duplicate customers that were made one, the newest first")
	op.Responses = example[page[presage.Merge]](a, page[presage.Merge]{Items: []presage.Merge{exampleMerge()}})
	route(a, h.Logger, op, h.merges)
	op = post("merge-customers", "/v1/merges", tag, "Make two records of one customer one")
	op.Description = "Vehicles, cases, messages and conversations follow the one that stays; of the consents only " +
		"what both allow is left. It can be undone."
	op.Responses = example[presage.Merge](a, exampleMerge())
	route(a, h.Logger, op, h.mergeCustomers)
	op = post("undo-merge", "/v1/merges/{id}/undo", tag, "Take a merge back")
	op.Description = "Each has again what it had; what came since stays with the one that stayed."
	op.Responses = example[presage.Merge](a, exampleMerge())
	route(a, h.Logger, op, h.undoMerge)
}

func (h *handlers) quality(ctx context.Context, in *struct{ Window }) (*body[page[presage.QualityReport]], error) {
	rows, err := h.Quality.Quality(ctx)
	if err != nil {
		return nil, err
	}
	cursor := func(r presage.QualityReport) string { return cursorOf(r.Source) }
	if rows, err = behind(rows, in.After, cursor); err != nil {
		return nil, err
	}
	return paged(rows, in.Limit, cursor), nil
}

type qualityRecordsInput struct {
	Window

	Source string               `query:"source" maxLength:"40" doc:"Absent: what no dealer's system knows"`
	Check  presage.QualityCheck `query:"check" required:"true" enum:"phone_impossible,phone_made_up,phone_twice,name_twice,email_impossible,plate_twice,odometer_unknown,vin_check_digit,vin_check_digit_odd"` //nolint:lll // a tag cannot be broken
}

func (h *handlers) qualityRecords(
	ctx context.Context, in *qualityRecordsInput,
) (*body[page[presage.QualityRecord]], error) {
	rows, err := h.Quality.QualityRecords(ctx, in.Source, in.Check)
	if err != nil {
		return nil, err
	}
	cursor := func(r presage.QualityRecord) string { return cursorOf(r.Kind, r.ID, r.ExternalID, r.Group) }
	if rows, err = behind(rows, in.After, cursor); err != nil {
		return nil, err
	}
	return paged(rows, in.Limit, cursor), nil
}

func (h *handlers) merges(ctx context.Context, in *struct{ Window }) (*body[page[presage.Merge]], error) {
	if in.After != "" {
		if _, err := h.Merges.Merge(ctx, in.After); err != nil {
			return nil, gone("after", err)
		}
	}
	rows, err := h.Merges.Merges(ctx, in.After, more(in.Limit))
	if err != nil {
		return nil, err
	}
	return paged(rows, in.Limit, func(m presage.Merge) string { return m.ID }), nil
}

type mergeInput struct {
	Body struct {
		Keep string `json:"keep" minLength:"1" maxLength:"64" doc:"The customer that stays"`
		Gone string `json:"gone" minLength:"1" maxLength:"64" doc:"The one that is a duplicate of it"`
		Who  string `json:"who" minLength:"1" maxLength:"100" doc:"Who decided it"`
	}
}

func (h *handlers) mergeCustomers(ctx context.Context, in *mergeInput) (*body[presage.Merge], error) {
	b := in.Body
	b.Who = signed(ctx, b.Who)
	if err := presage.CheckPlain(b.Who, 100); err != nil {
		return nil, fmt.Errorf("who: %w", err)
	}
	m, err := h.Merges.MergeCustomers(ctx, presage.MergeWish{Keep: b.Keep, Gone: b.Gone, Who: b.Who, At: h.Now().UTC()})
	if err != nil {
		return nil, err
	}
	return &body[presage.Merge]{Body: m}, nil
}

type undoMergeInput struct {
	ID   string `path:"id" maxLength:"128"`
	Body struct {
		Who string `json:"who" minLength:"1" maxLength:"100" doc:"Who decided it"`
	}
}

func (h *handlers) undoMerge(ctx context.Context, in *undoMergeInput) (*body[presage.Merge], error) {
	who := signed(ctx, in.Body.Who)
	if err := presage.CheckPlain(who, 100); err != nil {
		return nil, fmt.Errorf("who: %w", err)
	}
	m, err := h.Merges.UndoMerge(ctx, in.ID, who, h.Now().UTC())
	if err != nil {
		return nil, err
	}
	return &body[presage.Merge]{Body: m}, nil
}

func exampleQuality() presage.QualityReport {
	return presage.QualityReport{
		Source: "dms-1", Customers: 812, Vehicles: 905, Score: 93.1, Figures: []presage.QualityFigure{
			{Check: presage.PhoneImpossible, Found: 14, Of: 812},
			{Check: presage.PhoneTwice, Found: 31, Of: 812},
			{Check: presage.VINCheckOdd, Found: 7, Of: 905, Hint: true},
		},
	}
}

func exampleMerge() presage.Merge {
	return presage.Merge{
		ID: "m1f3k2jq-k9n3k2jq7lmno5pq", Keep: "k4n3k2jq7lmno5pq", Gone: "k9n3k2jq7lmno5pq", Who: "Zhao Min",
		At: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC),
	}
}
