package rest

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"presage"
)

// Waits is who wishes an earlier time than that of their visit.
type Waits interface {
	// WaitingList lists them, of one workshop or, for "", of all: who asked first first.
	WaitingList(ctx context.Context, workshopID string) ([]presage.Waiting, error)
	// PutOnList notes the wish of a case's customer; ErrConflict without a visit to come.
	PutOnList(ctx context.Context, caseID, who string) error
	// LeaveList takes it back; ErrNotFound when the case is not on the list.
	LeaveList(ctx context.Context, caseID, who string) error
}

func (h *handlers) waitingRoutes(a huma.API) {
	const tag = "Workshop"
	op := get("list-waiting", "/v1/waiting-list", tag, "Who wishes an earlier time, those who asked first first")
	op.Description = "A time that becomes free before a visit is offered to who waits: the graver repair first, then " +
		"who waits longest, to one after the other, each for four hours, and to nobody twice. Who takes one, or whose " +
		"visit is over, leaves the list."
	op.Responses = example[page[presage.Waiting]](a, page[presage.Waiting]{Items: []presage.Waiting{exampleWaiting()}})
	route(a, h.Logger, op, h.waiting)

	op = post("wait-for-earlier", "/v1/cases/{id}/waiting", tag, "Note that a customer wishes an earlier time")
	op.Description = "Asking again changes nothing. 409: the case has no visit to come."
	op.DefaultStatus = http.StatusNoContent
	route(a, h.Logger, op, h.putWaiting)

	route(a, h.Logger, huma.Operation{
		OperationID: "wait-no-more", Method: http.MethodDelete, Path: "/v1/cases/{id}/waiting", Tags: []string{tag},
		Summary: "Take a case off the waiting list", Errors: []int{http.StatusNotFound},
		DefaultStatus: http.StatusNoContent,
	}, h.endWaiting)
}

type waitingInput struct {
	Window

	Workshop string `query:"workshop" maxLength:"64"`
}

func (h *handlers) waiting(ctx context.Context, in *waitingInput) (*body[page[presage.Waiting]], error) {
	rows, err := h.Waits.WaitingList(ctx, in.Workshop)
	if err != nil {
		return nil, err
	}
	cursor := func(w presage.Waiting) string { return w.CaseID }
	if rows, err = behind(rows, in.After, cursor); err != nil {
		return nil, err
	}
	return paged(rows, in.Limit, cursor), nil
}

type putWaitingInput struct {
	ID   string `path:"id" maxLength:"64"`
	Body struct {
		Who string `json:"who" minLength:"1" maxLength:"100" doc:"The person; goes into the case's history" example:"Zhao Min"` //nolint:lll // a tag cannot be broken
	}
}

func (h *handlers) putWaiting(ctx context.Context, in *putWaitingInput) (*struct{}, error) {
	return nil, h.Waits.PutOnList(ctx, in.ID, signed(ctx, in.Body.Who))
}

type endWaitingInput struct {
	ID  string `path:"id" maxLength:"64"`
	Who string `query:"who" required:"true" minLength:"1" maxLength:"100" doc:"The person" example:"Zhao Min"`
}

func (h *handlers) endWaiting(ctx context.Context, in *endWaitingInput) (*struct{}, error) {
	return nil, h.Waits.LeaveList(ctx, in.ID, signed(ctx, in.Who))
}

func exampleWaiting() presage.Waiting {
	b := exampleMoved()
	return presage.Waiting{
		CaseID: b.CaseID, CustomerID: b.CustomerID, WorkshopID: b.WorkshopID, Since: b.Start.Add(-72 * time.Hour),
		VisitAt: b.Start, Who: "customer", BookingID: b.ID, Start: b.Start, Severity: presage.Mobility,
	}
}
