package scoring

import (
	"context"
	"time"
)

// Part is a part of the fleet: stores that list its vehicles, days and marks alone, and
// write no others. Several processes judge one each, by the lesson that one of them draws.
type Part struct {
	Queue     Queue
	Rollups   Rollups // that are written
	Fleet     Fleet
	Prognoses Prognoses
}

// whole is the part that is everything.
func (s *Stage) whole() Part {
	return Part{s.deps.Queue, s.deps.Rollups, s.deps.Fleet, s.deps.Prognoses}
}

// ScorePart is Score for a part, by the last lesson that Lesson or Learn took in.
func (s *Stage) ScorePart(ctx context.Context, of Part) (Report, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.pass(ctx, of, func(ctx context.Context, of Part, now time.Time, rep *Report) error {
		if s.unlearned() {
			return nil
		}
		outdated, err := of.Prognoses.Outdated(ctx, 0)
		if err != nil {
			return err
		}
		return s.judgeAll(ctx, of, outdated, now, rep)
	})
}

// ScoreNewPart is ScoreNew for a part, by the last lesson that Lesson or Learn took in.
// Before the first lesson it rolls up and judges nothing.
func (s *Stage) ScoreNewPart(ctx context.Context, of Part) (Report, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.pass(ctx, of, func(ctx context.Context, of Part, now time.Time, rep *Report) error {
		if s.unlearned() {
			return nil
		}
		return s.judgeOutdated(ctx, of, now, rep)
	})
}

// Lesson takes in what another process has learned since, and tells when that was
// (zero before the first lesson) and whether it is time for a new one.
func (s *Stage) Lesson(ctx context.Context) (at time.Time, due bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked = false
	if err := s.recall(ctx); err != nil {
		return time.Time{}, false, err
	}
	return s.learned, s.lessonDue(s.deps.Now()), nil
}

// Learn draws a lesson from the whole fleet, keeps it in memory, which may refuse that,
// and returns when it was.
func (s *Stage) Learn(ctx context.Context, memory Memory) (at time.Time, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var rep Report
	if err := s.learn(ctx, memory, s.deps.Now(), &rep); err != nil {
		return time.Time{}, err
	}
	if rep.Learned {
		s.deps.Logger.InfoContext(ctx, "the fleet has taught a lesson")
	}
	return s.learned, nil
}
