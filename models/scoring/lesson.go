package scoring

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"presage"
	"presage/models"
)

// lessonSetting names what the fleet has taught among the settings.
const lessonSetting = "scoring.lesson"

// lesson is what is kept of the last one: a start must judge as the process
// before it did.
type lesson struct {
	At     time.Time       `json:"at"`
	Taught json.RawMessage `json:"taught"`
}

// recall takes the last lesson over, once. One from another catalogue is passed
// over: the next pass over the fleet learns anew.
func (s *Stage) recall(ctx context.Context) error {
	if s.asked || s.conf.LearnEvery < 0 {
		return nil
	}
	text, err := s.deps.Memory.Setting(ctx, lessonSetting)
	if errors.Is(err, presage.ErrNotFound) {
		s.asked = true
		return nil
	}
	if err != nil {
		return fmt.Errorf("read what the fleet has taught: %w", err)
	}
	s.asked = true
	if text == s.known {
		return nil
	}
	s.known = text
	var last lesson
	if err := json.Unmarshal([]byte(text), &last); err != nil {
		return s.forgot(ctx, err)
	}
	taught, err := s.Prognoser().Taught(last.Taught)
	if err != nil {
		return s.forgot(ctx, err)
	}
	s.prognoser.Store(taught)
	s.learned = last.At
	return nil
}

func (s *Stage) forgot(ctx context.Context, why error) error {
	s.deps.Logger.InfoContext(ctx, "what the fleet has taught is learned anew", "reason", why)
	return nil
}

// unlearned tells that the fleet has not taught anything yet, and is to.
func (s *Stage) unlearned() bool { return s.conf.LearnEvery > 0 && s.learned.IsZero() }

func (s *Stage) lessonDue(now time.Time) bool {
	return s.unlearned() || s.conf.LearnEvery > 0 && now.Sub(s.learned) >= s.conf.LearnEvery
}

// learn draws a lesson from the whole fleet when the last one is too old.
func (s *Stage) learn(ctx context.Context, memory Memory, now time.Time, rep *Report) error {
	if !s.lessonDue(now) {
		return nil
	}
	var fault error
	taught := s.Prognoser().LearnTracks(func(yield func(*models.Track) bool) {
		var t models.Track
		for vehicles, err := range s.whole().vehicles(ctx) {
			if err == nil {
				err = s.tracks(ctx, now, vehicles, &t, func(t *models.Track) { yield(t) })
			}
			if err != nil {
				fault = err
				return
			}
		}
	})
	if fault != nil {
		return fmt.Errorf("learn from the fleet: %w", fault)
	}
	text, err := taught.Lesson()
	if err == nil {
		text, err = json.Marshal(lesson{At: now, Taught: text})
	}
	if err == nil {
		err = memory.PutSetting(ctx, lessonSetting, string(text))
	}
	if err != nil {
		return fmt.Errorf("keep what the fleet has taught: %w", err)
	}
	s.prognoser.Store(taught)
	s.learned, s.known, rep.Learned = now, string(text), true
	return nil
}
