package web

import (
	"context"

	"presage"
)

// Waits is who wishes an earlier time than that of their visit; see rest.Waits.
type Waits interface {
	// AskEarlier is the wish of who holds the link; errors are those of Offers,
	// ErrConflict without a visit to come.
	AskEarlier(ctx context.Context, token string) error
	WaitingList(ctx context.Context, workshopID string) ([]presage.Waiting, error)
	PutOnList(ctx context.Context, caseID, who string) error
	LeaveList(ctx context.Context, caseID, who string) error
}

func askEarlier(r *request) error {
	if err := r.site.Waits.AskEarlier(r.Request.Context(), r.Param("token")); err != nil {
		return err
	}
	return r.redirect(offerURL(r.Param("token")))
}

func waitOnBoard(r *request) error {
	who := r.posted("who")
	if err := r.site.Waits.PutOnList(r.Request.Context(), r.PostForm("case"), who); err != nil {
		return r.refuse(formMove, err)
	}
	return r.boardDone(who, r.PostForm("day"), "waits")
}

func waitNoMore(r *request) error {
	who := r.posted("who")
	if err := r.site.Waits.LeaveList(r.Request.Context(), r.PostForm("case"), who); err != nil {
		return r.refuse("", err)
	}
	return r.boardDone(who, r.PostForm("day"), "waits_no_more")
}

// waitingRow is a customer who waits, with the car.
type waitingRow struct {
	presage.Waiting

	Vehicle presage.Vehicle
}

// waitingAt lists who waits at a workshop.
func (s *Site) waitingAt(ctx context.Context, workshopID string) ([]waitingRow, error) {
	list, err := s.Waits.WaitingList(ctx, workshopID)
	if err != nil {
		return nil, err
	}
	rows := make([]waitingRow, 0, len(list))
	for _, w := range list {
		c, err := s.Cases.Case(ctx, w.CaseID)
		if err != nil {
			return nil, err
		}
		v, err := s.Vehicles.Vehicle(ctx, c.VIN)
		if err != nil {
			return nil, err
		}
		rows = append(rows, waitingRow{w, v})
	}
	return rows, nil
}
