package main

import (
	"context"
	"strings"
	"time"

	"presage"
)

// callers makes n cases whose offers stay without an answer until their
// deadlines, which come one after the other: about safety a person calls then.
func (r *rig) callers(ctx context.Context, tag string, n int, over time.Duration) ([]car, error) {
	from := time.Now().UTC().Truncate(time.Second)
	return r.carsDue(ctx, tag, sendAt, n, func(i int) time.Time {
		return from.Add(over * time.Duration(i) / time.Duration(n))
	})
}

// calls are the call tasks of cases whose names begin with tag.
func (r *rig) calls(ctx context.Context, tag string) ([]presage.Message, error) {
	ms, err := r.store.Messages(ctx, presage.MessageFilter{State: presage.MessagePlanned})
	var calls []presage.Message
	for _, m := range ms {
		if m.Channel == presage.ChannelCall && strings.HasPrefix(m.CaseID, tag) {
			calls = append(calls, m)
		}
	}
	return calls, err
}

// countCalls adds the tasks of cases to out.
func (r *rig) countCalls(ctx context.Context, tag string, callers []car, out *channelResult) error {
	calls, err := r.calls(ctx, tag)
	if err != nil {
		return err
	}
	tasks := map[string]int{}
	for _, m := range calls {
		tasks[m.CaseID]++
	}
	out.Unique = true
	for _, c := range callers {
		out.Due++
		switch n := tasks[c.caseID]; {
		case n == 1:
			out.Once++
		case n > 1:
			out.Twice++
		}
	}
	return nil
}
