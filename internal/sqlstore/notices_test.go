package sqlstore_test

import (
	"strings"
	"testing"
	"time"

	"presage"
	"presage/internal/sqlstore"
)

func notices(t *testing.T, s *sqlstore.Store) {
	t.Helper()
	ctx := t.Context()
	n := presage.Notice{
		ID: "n1", Kind: "late", To: "ops@norvik.example", Lang: "en", Subject: "s", Text: "t", Link: "l",
		State: presage.NoticePlanned, NotBefore: noon(), CreatedAt: noon(), UpdatedAt: noon(),
	}
	must(t, s.PutNotices(ctx, []presage.Notice{n, n}))
	if known, err := s.NoticeKnown(ctx, "n1"); !known || err != nil {
		t.Fatalf("n1 is known: %v, %v", known, err)
	}
	if known, err := s.NoticeKnown(ctx, "n2"); known || err != nil {
		t.Fatalf("n2 is known: %v, %v", known, err)
	}
	claim := func(at time.Time, want int) []presage.Notice {
		t.Helper()
		got, err := s.ClaimNotices(ctx, at, at.Add(-5*time.Minute), 10)
		must(t, err)
		if len(got) != want {
			t.Fatalf("%s: claimed %d, want %d", at, len(got), want)
		}
		return got
	}
	claim(noon().Add(-time.Second), 0)
	claim(noon(), 1)
	claim(noon().Add(5*time.Minute), 0)
	mine := claim(noon().Add(6*time.Minute), 1)
	if mine[0].Attempts != 2 {
		t.Errorf("attempts %d, want 2", mine[0].Attempts)
	}
	mine[0].State, mine[0].SentAt = presage.NoticeSent, noon()
	must(t, s.SaveNotice(ctx, mine[0]))
	claim(noon().Add(time.Hour), 0)

	must(t, s.CreateCase(ctx, presage.Case{
		ID: "k", VIN: "LSVAA4182E2100001", WorkshopID: "w1", Severity: presage.Safety, State: presage.CaseEscalated, OpenedAt: noon(),
	}, presage.CaseEvent{CaseID: "k", At: noon(), To: presage.CaseEscalated}))
	for workshop, want := range map[string]int{"w1": 1, "": 1, "w2": 0} {
		f, err := s.DayFigures(ctx, workshop, noon().Add(-time.Hour), noon().Add(time.Hour))
		must(t, err)
		if f != (presage.DayFigures{Waiting: want}) {
			t.Errorf("workshop %q: %+v, want %d waiting", workshop, f, want)
		}
	}
}

func noticeList(t *testing.T, s *sqlstore.Store) {
	t.Helper()
	var put []presage.Notice
	for i, id := range []string{"n1", "n3", "n2"} { // n3 and n2 of one moment
		at := noon().Add(time.Duration(min(i, 1)) * time.Hour)
		put = append(put, presage.Notice{
			ID: id, Kind: "digest", To: "ops@norvik.example", Lang: "en", Subject: "s", Text: "t", State: presage.NoticePlanned,
			NotBefore: at, CreatedAt: at, UpdatedAt: at,
		})
	}
	put[0].Kind, put[1].To, put[2].State = "late", "w1@norvik.example", presage.NoticeSent
	must(t, s.PutNotices(t.Context(), put))
	for want, f := range map[string]presage.NoticeFilter{
		"n3 n2 n1 ": {}, "n3 ": {Limit: 1}, "n2 n1 ": {BeforeID: "n3"}, "n1 ": {BeforeID: "n2", Limit: 5}, "n3 n2 ": {Kind: "digest"},
		"n2 n1  ": {To: "ops@norvik.example"}, "n2  ": {State: presage.NoticeSent}, "n1  ": {CreatedBefore: noon().Add(time.Hour)},
		"": {CreatedBefore: noon()},
	} {
		got, err := s.Notices(t.Context(), f)
		must(t, err)
		ids := ""
		for _, n := range got {
			ids += n.ID + " "
		}
		if strings.TrimSpace(ids) != strings.TrimSpace(want) {
			t.Errorf("%+v lists %q, want %q", f, ids, want)
		}
	}
}
