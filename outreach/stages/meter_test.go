package stages_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"presage"
	"presage/outreach/stages"
)

func at(minutes int) time.Time {
	return time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC).Add(time.Duration(minutes) * time.Minute)
}

// wait came in at 10:00 and has an hour to be answered; -1 is a stage that is not reached.
func wait(owner string, read, assigned, answered, closed int) presage.Wait {
	w := presage.Wait{Kind: presage.WaitConversation, WorkshopID: "w1", Owner: owner, CameAt: at(0), DueAt: at(60)}
	for minutes, to := range map[*int]*time.Time{
		&read: &w.ReadAt, &assigned: &w.AssignedAt, &answered: &w.AnsweredAt, &closed: &w.ClosedAt,
	} {
		if *minutes >= 0 {
			*to = at(*minutes)
		}
	}
	return w
}

// By hand: three texts were answered after 10, 20 and 70 minutes, of which one missed
// the hour; one is not answered, and its hour is over; one ended by itself.
func TestFigures(t *testing.T) {
	t.Parallel()
	waits := []presage.Wait{
		wait("mia", 5, 5, 10, 10), wait("mia", 35, 6, 20, 20), wait("li", 10, 10, 70, 80),
		wait("li", 10, -1, -1, -1), wait("", -1, -1, -1, 15),
	}
	limits := stages.Limits{Share: 0.5, Close: 100 * time.Minute}
	got := stages.Figures(waits, presage.GroupAll, limits, at(90))
	minute := time.Minute
	figure := func(s presage.Stage, reached int, median, p90, limit time.Duration, missed, judged int) presage.StageFigure {
		return presage.StageFigure{
			Kind: presage.WaitConversation, Stage: s, Waits: 5, Reached: reached, Median: median, P90: p90, Limit: limit,
			Missed: missed, Judged: judged,
		}
	}
	want := []presage.StageFigure{
		figure(presage.StageRead, 4, 10*minute, 35*minute, 30*minute, 1, 4),
		figure(presage.StageAssigned, 3, 6*minute, 10*minute, 30*minute, 1, 4),
		figure(presage.StageAnswered, 3, 20*minute, 70*minute, 60*minute, 2, 4),
		figure(presage.StageClosed, 4, 15*minute, 80*minute, 100*minute, 0, 4),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if share := got[2].Share(); share != 0.5 {
		t.Errorf("missed share %v, want 2 of 4", share)
	}
	byAdviser := stages.Figures(waits, presage.GroupAdviser, limits, at(90))
	if len(byAdviser) != 12 || byAdviser[4].Adviser != "li" || byAdviser[6].Missed != 2 {
		t.Errorf("by adviser: %+v", byAdviser)
	}
	late := stages.Missed(waits, limits, at(90))
	if len(late) != 1 || late[0].Stage != presage.StageAssigned || !late[0].By.Equal(at(30)) {
		t.Errorf("missed now: %+v, want the fourth, which nobody was given by 10:30", late)
	}
}

func TestQuantile(t *testing.T) {
	t.Parallel()
	ten := make([]time.Duration, 10)
	for i := range ten {
		ten[9-i] = time.Duration(i + 1)
	}
	for p, want := range map[float64]time.Duration{0.5: 5, 0.9: 9, 0.91: 10, 1: 10, 0.01: 1} {
		if got := stages.Quantile(ten, p); got != want {
			t.Errorf("quantile %v is %d, want %d", p, got, want)
		}
	}
	if got := stages.Quantile(nil, 0.5); got != 0 {
		t.Errorf("of none: %d", got)
	}
}
