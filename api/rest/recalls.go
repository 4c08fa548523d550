package rest

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"presage"
)

// Recalls keeps what makers ask cars in for, and how far each recall is.
type Recalls interface {
	// Recalls lists recalls by ID, after one of them.
	Recalls(ctx context.Context, after string, limit int) ([]presage.RecallProgress, error)
	// Recall returns the one with an ID, or ErrNotFound.
	Recall(ctx context.Context, id string) (presage.Recall, error)
	RecallCars(ctx context.Context, f presage.RecallCarFilter) ([]presage.RecallCar, error)
	// PutRecall inserts or replaces one; ErrInvalid names every fault by its field.
	PutRecall(ctx context.Context, r presage.Recall) error
	// ImportRecalls takes in a list as CSV or JSON, all or nothing, or only checks it.
	ImportRecalls(ctx context.Context, list []byte, dry bool) (presage.RecallImport, error)
	// Done notes cars as done elsewhere and counts those that the recall concerns.
	Done(ctx context.Context, id string, vins []presage.VIN) (int, error)
}

func (h *handlers) recallRoutes(a huma.API) {
	const path, tag = "/v1/recalls", "Recalls"
	op := get("list-recalls", path, tag, "Recalls and campaigns of makers with their progress, by number")
	op.Responses = example[page[presage.RecallProgress]](a, page[presage.RecallProgress]{
		Items: []presage.RecallProgress{{Recall: exampleRecall(), Cars: 1240, Open: 310, Told: 402, Booked: 120, Done: 408}},
	})
	route(a, h.Logger, op, h.recalls)

	op = huma.Operation{
		OperationID: "put-recall", Method: http.MethodPut, Path: path + "/{id}", Tags: []string{tag},
		Summary: "Register a recall or a campaign, or a new version of it",
	}
	op.Description = "A car is one of it by its VIN or by any of the ranges; those that are registered later are taken " +
		"in by the next pass. It is free whoever owns the car and however old it is. A safety recall is told whatever the " +
		"hold-out and the caps say; with_visit waits for a visit that the car has anyway. A closed one is offered no more."
	op.SkipValidateBody = true // one place checks all fields
	route(a, h.Logger, op, h.putRecall)

	op = get("list-recall-vehicles", path+"/{id}/vehicles", tag, "The cars of a recall with their state, by VIN")
	op.Responses = example[page[presage.RecallCar]](a, page[presage.RecallCar]{Items: []presage.RecallCar{{
		Recall: "R-2026-014", VIN: "LSVAA49J132047371", State: presage.RecallBooked, CaseID: "cfh3k2jq7lmno5pq", Known: true,
	}}})
	route(a, h.Logger, op, h.recallCars)

	op = post("note-recall-done", path+"/{id}/done", tag, "Cars whose recall was done elsewhere")
	op.Description = "They are not offered it again. What our own workshops did follows from their results."
	op.SkipValidateBody = true
	route(a, h.Logger, op, h.recallDone)

	op = post("import-recalls", path+"/import", tag, "Take in a list of recalls as CSV or JSON, all or nothing")
	op.Description = "CSV columns: id,title_zh,title_en,tell_zh,tell_en,safety,with_visit,job,make,models,from_year," +
		"to_year,powertrains,vin_prefix,from_serial,to_serial,vin,closed. A line is one car or one range; models and " +
		"powertrains are separated by |. Of a recall's later lines only the car or the range counts. JSON: " +
		"{\"recalls\": [...]} or the list alone, each as put-recall takes it, with its id. Every fault is named with " +
		"its line, and nothing is taken in while there is one. The same list twice changes nothing; a recall that was " +
		"closed stays so unless the list says otherwise."
	op.Responses = example[presage.RecallImport](a, presage.RecallImport{Created: 1, Updated: 1, Unchanged: 12})
	op.MaxBodyBytes = 16 << 20
	route(a, h.Logger, op, h.importRecalls)
}

func (h *handlers) recalls(ctx context.Context, in *Window) (*body[page[presage.RecallProgress]], error) {
	if in.After != "" {
		if _, err := h.Recalls.Recall(ctx, in.After); err != nil {
			return nil, gone("after", err)
		}
	}
	rows, err := h.Recalls.Recalls(ctx, in.After, more(in.Limit))
	if err != nil {
		return nil, err
	}
	return paged(rows, in.Limit, func(r presage.RecallProgress) string { return r.ID }), nil
}

// RecallPath names a recall. Exported, for its fields are those of inputs.
type RecallPath struct {
	ID string `path:"id" maxLength:"40" doc:"The maker's number" example:"R-2026-014"`
}

type recallPut struct {
	RecallPath

	Body recallBody
}

// recallBody is what is put of a recall.
type recallBody struct {
	Title     presage.Text          `json:"title" doc:"Its name"`
	Tell      presage.Text          `json:"tell" doc:"What is wrong and why it matters, as a customer reads it"`
	Safety    bool                  `json:"safety,omitempty"`
	Job       string                `json:"job" doc:"What a workshop does, by its code in the catalogue" example:"brake_system_check"` //nolint:lll // a tag cannot be broken
	WithVisit bool                  `json:"with_visit,omitempty" doc:"Waits for a visit that the car has anyway"`
	VINs      []presage.VIN         `json:"vins,omitempty"`
	Ranges    []presage.RecallRange `json:"ranges,omitempty"`
	Closed    bool                  `json:"closed,omitempty" doc:"It is offered no more"`
}

func (h *handlers) putRecall(ctx context.Context, in *recallPut) (*body[presage.Recall], error) {
	b := in.Body
	r := presage.Recall{
		ID: in.ID, Title: b.Title, Tell: b.Tell, Safety: b.Safety, Job: b.Job, WithVisit: b.WithVisit,
		VINs: b.VINs, Ranges: b.Ranges, Closed: b.Closed,
	}
	if err := h.Recalls.PutRecall(ctx, r); err != nil {
		return nil, err
	}
	r, err := h.Recalls.Recall(ctx, in.ID)
	return &body[presage.Recall]{Body: r}, err
}

type recallCarsInput struct {
	RecallPath
	Window

	State presage.RecallState `query:"state" enum:"open,told,booked,done"`
}

func (h *handlers) recallCars(ctx context.Context, in *recallCarsInput) (*body[page[presage.RecallCar]], error) {
	if _, err := h.Recalls.Recall(ctx, in.ID); err != nil {
		return nil, err
	}
	cars, err := h.Recalls.RecallCars(ctx, presage.RecallCarFilter{
		Recall: in.ID, State: in.State, After: presage.VIN(in.After), Limit: more(in.Limit),
	})
	if err != nil {
		return nil, err
	}
	return paged(cars, in.Limit, func(c presage.RecallCar) string { return string(c.VIN) }), nil
}

type recallDoneInput struct {
	RecallPath

	Body struct {
		VINs []presage.VIN `json:"vins" minItems:"1" maxItems:"10000"`
	}
}

type recallDoneOutput struct {
	Noted int `json:"noted" doc:"Those of them that the recall concerns"`
}

func (h *handlers) recallDone(ctx context.Context, in *recallDoneInput) (*body[recallDoneOutput], error) {
	n, err := h.Recalls.Done(ctx, in.ID, in.Body.VINs)
	return &body[recallDoneOutput]{Body: recallDoneOutput{n}}, err
}

type recallImport struct {
	DryRun  bool   `query:"dry_run" doc:"Check the list and change nothing"`
	RawBody []byte `contentType:"text/csv"`
}

func (h *handlers) importRecalls(ctx context.Context, in *recallImport) (*body[presage.RecallImport], error) {
	done, err := h.Recalls.ImportRecalls(ctx, in.RawBody, in.DryRun)
	return &body[presage.RecallImport]{Body: done}, err
}

func exampleRecall() presage.Recall {
	return presage.Recall{
		ID: "R-2026-014", Safety: true, Job: "brake_system_check", At: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC),
		Title:  presage.Text{ZH: "制动软管检查", EN: "Brake hose check"},
		Tell:   presage.Text{ZH: "前制动软管可能渗漏，制动距离会变长。", EN: "A front brake hose may leak; braking then takes longer."},
		Ranges: []presage.RecallRange{{Make: "BYD", Models: []string{"Han"}, FromYear: 2024, ToYear: 2025, VINPrefix: "LGX"}},
	}
}
