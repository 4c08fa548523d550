package stages

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"presage"
	"presage/outreach/rules"
)

// Meter measures waits. Its fields are set once, before its first use.
type Meter struct {
	Store Store
	Rules rules.Current
	Now   func() time.Time
}

// Store keeps waits.
type Store interface {
	// Waits lists the times in which somebody waited for a person, the oldest first.
	Waits(ctx context.Context, f presage.WaitFilter) ([]presage.Wait, error)
	// ReadWait notes that a person, who may be "", has read what waits; the first time counts.
	ReadWait(ctx context.Context, kind presage.WaitKind, id, who string, at time.Time) error
}

// mostWaits bounds what one question reads.
const mostWaits = 100_000

// SawTalk notes that a person has read the conversation with a customer.
func (m *Meter) SawTalk(ctx context.Context, customerID, who string) error {
	return m.saw(ctx, presage.WaitConversation, customerID, who)
}

// SawCase notes that a person has read a case.
func (m *Meter) SawCase(ctx context.Context, caseID, who string) error {
	return m.saw(ctx, presage.WaitCase, caseID, who)
}

// longestWho is that of a person's name.
const longestWho = 100

func (m *Meter) saw(ctx context.Context, kind presage.WaitKind, id, who string) error {
	who = strings.TrimSpace(who)
	if err := presage.CheckPlain(who, longestWho); err != nil {
		return fmt.Errorf("who: %w", err)
	}
	return m.Store.ReadWait(ctx, kind, id, who, m.Now())
}

// StageFigures are how long each stage took, of conversations and then of cases, all
// together or by workshop or adviser.
func (m *Meter) StageFigures(ctx context.Context, q presage.StageQuery) ([]presage.StageFigure, error) {
	q.Limit = mostWaits
	waits, err := m.Store.Waits(ctx, q.WaitFilter)
	if err != nil {
		return nil, fmt.Errorf("stages: %w", err)
	}
	return Figures(waits, q.By, m.limits(), m.Now()), nil
}

// MissedStages are what waits longer than it may, those that should have been acted on
// first before the others.
func (m *Meter) MissedStages(ctx context.Context, workshopID string) ([]presage.MissedStage, error) {
	waits, err := m.Store.Waits(ctx, presage.WaitFilter{WorkshopID: workshopID, Open: true, Limit: mostWaits})
	if err != nil {
		return nil, fmt.Errorf("missed stages: %w", err)
	}
	return Missed(waits, m.limits(), m.Now()), nil
}

func (m *Meter) limits() Limits {
	r := m.Rules()
	return Limits{Share: r.ReadShare, Close: r.CloseWithin}
}

// Limits are what a stage may take.
type Limits struct {
	Share float64       // of the time for the answer: to be read, and to be given to somebody
	Close time.Duration // to be closed
}

// Of is how long a stage of a wait may take.
func (l Limits) Of(w presage.Wait, s presage.Stage) time.Duration {
	answer := w.DueAt.Sub(w.CameAt)
	switch s {
	case presage.StageRead, presage.StageAssigned:
		return time.Duration(l.Share * float64(answer)).Truncate(time.Second)
	case presage.StageAnswered:
		return answer
	case presage.StageClosed:
	}
	return max(l.Close, answer)
}

// passed tells whether a stage of a closed wait is over without having been reached:
// what was closed by itself needed nobody.
func passed(w presage.Wait, s presage.Stage) bool {
	return w.Reached(s).IsZero() && !w.ClosedAt.IsZero()
}

type groupKey struct {
	kind           presage.WaitKind
	workshop, name string
	stage          presage.Stage
}

// Figures measures waits at a moment. A wait that ended without a stage (the customer
// booked before anybody read the text) counts in neither its times nor its misses.
func Figures(waits []presage.Wait, by presage.StageGroup, l Limits, now time.Time) []presage.StageFigure {
	figures := map[groupKey]*presage.StageFigure{}
	took, allowed := map[groupKey][]time.Duration{}, map[groupKey][]time.Duration{}
	for _, w := range waits {
		for _, s := range presage.Stages() {
			k := groupKey{kind: w.Kind, stage: s}
			switch by {
			case presage.GroupWorkshop:
				k.workshop = w.WorkshopID
			case presage.GroupAdviser:
				k.name = w.Owner
			case presage.GroupAll:
			}
			f := figures[k]
			if f == nil {
				f = &presage.StageFigure{Kind: w.Kind, Stage: s, WorkshopID: k.workshop, Adviser: k.name}
				figures[k] = f
			}
			f.Waits++
			if passed(w, s) {
				continue
			}
			limit := l.Of(w, s)
			allowed[k] = append(allowed[k], limit)
			at := w.Reached(s)
			if !at.IsZero() {
				f.Reached++
				took[k] = append(took[k], at.Sub(w.CameAt))
			} else {
				at = now
				if now.Sub(w.CameAt) <= limit {
					continue
				}
			}
			f.Judged++
			if at.Sub(w.CameAt) > limit {
				f.Missed++
			}
		}
	}
	out := make([]presage.StageFigure, 0, len(figures))
	for k, f := range figures {
		f.Median, f.P90, f.Limit = Quantile(took[k], 0.5), Quantile(took[k], 0.9), Quantile(allowed[k], 0.5)
		out = append(out, *f)
	}
	slices.SortFunc(out, func(a, b presage.StageFigure) int {
		return cmp.Or(cmp.Compare(a.WorkshopID, b.WorkshopID), cmp.Compare(a.Adviser, b.Adviser),
			-cmp.Compare(a.Kind, b.Kind), cmp.Compare(order(a.Stage), order(b.Stage)))
	})
	return out
}

func order(s presage.Stage) int { return slices.Index(presage.Stages(), s) }

// Missed lists the open waits of which a stage is over its time, of each the first.
func Missed(waits []presage.Wait, l Limits, now time.Time) []presage.MissedStage {
	var out []presage.MissedStage
	for _, w := range waits {
		for _, s := range presage.Stages() {
			by := w.CameAt.Add(l.Of(w, s))
			if w.Reached(s).IsZero() && w.ClosedAt.IsZero() && now.After(by) {
				out = append(out, presage.MissedStage{Wait: w, Stage: s, By: by})
				break
			}
		}
	}
	slices.SortStableFunc(out, func(a, b presage.MissedStage) int { return a.By.Compare(b.By) })
	return out
}

// Quantile is the smallest of the times that at least the share p of them do not
// exceed (the nearest rank); 0 for none. p is in (0, 1].
func Quantile(times []time.Duration, p float64) time.Duration {
	if len(times) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(times))
	return sorted[max(0, int(math.Ceil(p*float64(len(sorted))))-1)]
}
