package rest

import (
	"context"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"presage"
)

// Stages tells how long customers waited for a person.
type Stages interface {
	// StageFigures are of what came in within a time.
	StageFigures(ctx context.Context, q presage.StageQuery) ([]presage.StageFigure, error)
	// MissedStages are what waits longer than it may now, at a workshop or, for "", at all.
	MissedStages(ctx context.Context, workshopID string) ([]presage.MissedStage, error)
	// SawTalk and SawCase note that a person, who may be "", has read what waits.
	SawTalk(ctx context.Context, customerID, who string) error
	SawCase(ctx context.Context, caseID, who string) error
}

const mostMissed = 500 // shown of what is over its time now

func (h *handlers) stageRoutes(a huma.API) {
	const path, tag = "/v1/conversations/stages", "Conversations"
	op := get("list-stages", path, tag, "How long customers waited for a person, by stage")
	op.Description = "A wait begins with a text that needs a person, or a case that messages could not settle, and " +
		"ends when it is closed. Each stage counts from its beginning: read, assigned, answered (for the first time), " +
		"closed. missed is what took longer than the policy allows (sla), judged what reached the stage or whose " +
		"time is over. overdue lists what waits longer than it may now, the longest first, at most 500."
	op.Responses = example[stagesDetail](a, exampleStages())
	route(a, h.Logger, op, h.stages)
}

type stagesInput struct {
	From     time.Time          `query:"from" doc:"What came in from then on; 30 days before to when absent"`
	To       time.Time          `query:"to" doc:"... and before; now when absent"`
	By       presage.StageGroup `query:"by" enum:"all,workshop,adviser" default:"all"`
	Workshop string             `query:"workshop" maxLength:"64" doc:"Only of this workshop"`
}

type stageFigure struct {
	presage.StageFigure

	MedianSeconds int64   `json:"median_seconds" doc:"Of those that reached it"`
	P90Seconds    int64   `json:"p90_seconds" doc:"Nine of ten took no longer"`
	LimitSeconds  int64   `json:"limit_seconds" doc:"What the policy allows, the median of them"`
	MissedShare   float64 `json:"missed_share" minimum:"0" maximum:"1" doc:"missed out of judged"`
}

type stagesDetail struct {
	From    time.Time             `json:"from"`
	To      time.Time             `json:"to"`
	Figures []stageFigure         `json:"figures"`
	Overdue []presage.MissedStage `json:"overdue" doc:"Over its time now"`
}

func (h *handlers) stages(ctx context.Context, in *stagesInput) (*body[stagesDetail], error) {
	within, err := figureTimes(in.From, in.To, h.Now())
	if err != nil {
		return nil, err
	}
	d := stagesDetail{From: within.From, To: within.To}
	q := presage.StageQuery{
		WaitFilter: presage.WaitFilter{From: d.From, To: d.To, WorkshopID: in.Workshop}, By: in.By,
	}
	figures, err := h.Stages.StageFigures(ctx, q)
	if err != nil {
		return nil, err
	}
	d.Figures = make([]stageFigure, len(figures))
	for i, f := range figures {
		d.Figures[i] = shownFigure(f)
	}
	missed, err := h.Stages.MissedStages(ctx, in.Workshop)
	if err != nil {
		return nil, err
	}
	d.Overdue = nonNil(missed[:min(len(missed), mostMissed)])
	return &body[stagesDetail]{Body: d}, nil
}

func shownFigure(f presage.StageFigure) stageFigure {
	return stageFigure{
		f, int64(f.Median / time.Second), int64(f.P90 / time.Second), int64(f.Limit / time.Second), f.Share(),
	}
}

func exampleStages() stagesDetail {
	at := exampleConversation().Since
	return stagesDetail{
		From: at.Add(-figuresBack), To: at.Add(time.Hour),
		Figures: []stageFigure{shownFigure(presage.StageFigure{
			Kind: presage.WaitConversation, Stage: presage.StageAnswered, Waits: 42, Reached: 40, Median: 11 * time.Minute,
			P90: 95 * time.Minute, Limit: 4 * time.Hour, Missed: 3, Judged: 41,
		})},
		Overdue: []presage.MissedStage{{Wait: presage.Wait{
			ID: "conversation/c-10042/1795252320000000", Kind: presage.WaitConversation, CustomerID: "c-10042",
			CaseID: "cfh3k2jq7lmno5pq", WorkshopID: "w-pudong", Severity: presage.Safety, CameAt: at,
			DueAt: at.Add(15 * time.Minute),
		}, Stage: presage.StageRead, By: at.Add(450 * time.Second)}},
	}
}
