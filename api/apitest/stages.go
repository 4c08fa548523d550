package apitest

import (
	"context"
	"slices"
	"time"

	"presage"
)

// StageFigures implements rest.Stages.
func (w *World) StageFigures(_ context.Context, q presage.StageQuery) ([]presage.StageFigure, error) {
	f := presage.StageFigure{
		Kind: presage.WaitConversation, Stage: presage.StageAnswered, Waits: 4, Reached: 3, Median: 10 * time.Minute,
		P90: 3 * time.Hour, Limit: 4 * time.Hour, Missed: 1, Judged: 4,
	}
	switch q.By {
	case presage.GroupWorkshop:
		f.WorkshopID = "w-1"
	case presage.GroupAdviser:
		f.Adviser = "Mia"
	case presage.GroupAll:
	}
	return []presage.StageFigure{f}, w.Err
}

// MissedStages implements rest.Stages: every conversation that is overdue is one.
func (w *World) MissedStages(ctx context.Context, workshopID string) ([]presage.MissedStage, error) {
	open, err := w.Conversations(ctx, presage.ConversationFilter{State: presage.ConversationOpen})
	var out []presage.MissedStage
	for _, c := range open {
		if c.DueAt.Before(w.now) && (workshopID == "" || c.WorkshopID == workshopID) {
			out = append(out, presage.MissedStage{Wait: presage.Wait{
				ID: "conversation/" + c.CustomerID, Kind: presage.WaitConversation, CustomerID: c.CustomerID, CaseID: c.CaseID,
				WorkshopID: c.WorkshopID, Severity: c.Severity, CameAt: c.Since, DueAt: c.DueAt,
			}, Stage: presage.StageAnswered, By: c.DueAt})
		}
	}
	return out, err
}

// SawTalk implements web.Stages.
func (w *World) SawTalk(_ context.Context, customerID, _ string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.saw = append(w.saw, customerID)
	return w.Err
}

// Saw lists the customers whose conversation somebody said to have read.
func (w *World) Saw() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.saw)
}

// SawCase implements web.Stages.
func (w *World) SawCase(_ context.Context, caseID, who string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.read = append(w.read, caseID+" by "+who)
	return w.Err
}

// Read lists the cases that somebody said to have read, and who.
func (w *World) Read() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.read)
}
